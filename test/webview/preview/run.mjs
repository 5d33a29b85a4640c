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
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs' };
await esbuild.build({
  ...node,
  entryPoints: { job: 'src/worker/job.ts' },
  mainFields: ['module', 'main'],
});
await esbuild.build({
  ...node,
  entryPoints: { preview: 'test/webview/preview/preview.ts' },
  external: ['playwright-core'],
});
const wasm = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
  await cp(path.join(wasm, name), path.join(built, name));
}
const { takePictures } = createRequire(import.meta.url)(path.join(built, 'preview.js'));
await takePictures(root, built, findBrowser());
