// Takes pictures of the panel without VS Code: node test/webview/preview/run.mjs [WORD …]
import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { findBrowser } from '../../../scripts/findBrowser.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const built = path.join(root, 'out/webview-preview');
await mkdir(built, { recursive: true });

const shared = { absWorkingDir: root, bundle: true, outdir: built, logLevel: 'warning' };
await esbuild.build({
  ...shared,
  entryPoints: [
    'webview/panel.ts',
    'webview/inspector.ts',
    'webview/styles/panel.css',
    'webview/styles/inspector.css',
  ],
  entryNames: '[name]',
  platform: 'browser',
  target: 'chrome130',
  format: 'iife',
  loader: { '.svg': 'text' },
  keepNames: true,
  minify: true,
});
const packages = path.join(root, 'node_modules');
await esbuild.build({
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { 'onnxruntime-web': path.join(packages, 'onnxruntime-web/dist/ort.node.min.js') },
  entryPoints: { job: 'src/worker/job.ts', preview: 'test/webview/preview/preview.ts' },
  external: ['playwright-core'],
});
for (const file of [
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.mjs',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
]) {
  await cp(path.join(packages, file), path.join(built, path.basename(file)));
}
const { takePictures } = createRequire(import.meta.url)(path.join(built, 'preview.js'));
await takePictures(root, built, findBrowser());
