// Bundles the extension into dist/: one file a process, so that each loads only what it runs.
import { chmod, cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from './install.mjs';
import { nodeBundle } from './nodeBundle.mjs';
import { writeNotices } from './notices.mjs';

const watch = process.argv.includes('--watch');
const dist = path.join(root, 'dist');
const packages = path.join(root, 'node_modules');

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: !watch,
  keepNames: true,
  sourcemap: watch ? 'linked' : false,
  // Licences go into THIRD_PARTY_NOTICES.txt, whole.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...shared, ...nodeBundle, external: ['vscode'] };

const builds = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: dist },
  { ...node, entryPoints: { worker: 'src/worker/main.ts' }, outdir: dist },
  { ...node, entryPoints: { job: 'src/worker/job.ts' }, outdir: dist },
  {
    ...node,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: dist,
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...shared,
    // Each page's script and style sheet have one name.
    entryPoints: [
      'webview/panel.ts',
      'webview/inspector.ts',
      'webview/styles/panel.css',
      'webview/styles/inspector.css',
    ],
    entryNames: '[name]',
    outdir: path.join(dist, 'webview'),
    platform: 'browser',
    target: 'chrome130',
    format: 'iife',
    loader: { '.svg': 'text', '.ttf': 'file' },
  },
];

// Written over, never removed first: something may be running from there.
await mkdir(dist, { recursive: true });
for (const file of [
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.mjs',
  'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
]) {
  await cp(path.join(packages, file), path.join(dist, path.basename(file)));
}
if (watch) {
  for (const options of builds) await (await esbuild.context(options)).watch();
} else {
  const results = await Promise.all(builds.map((options) => esbuild.build(options)));
  await chmod(path.join(dist, 'cli.js'), 0o755);
  writeNotices(
    results.map((result) => result.metafile),
    path.join(dist, 'THIRD_PARTY_NOTICES.txt'),
  );
}
