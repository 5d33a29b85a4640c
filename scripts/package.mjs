// npm run package: builds and makes the VSIX, which holds only what runs.
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installIfStale, root } from './install.mjs';
import { runScript } from './runScript.mjs';

/** Everything that may be inside; `.vscodeignore` lets the same through. */
const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/(extension|worker|job|cli)\.js$/,
  /^dist\/tfjs-backend-wasm(-simd)?\.wasm$/,
  /^dist\/ort-wasm-simd-threaded\.(mjs|wasm)$/,
  /^dist\/mozjpeg_dec\.wasm$/,
  /^dist\/THIRD_PARTY_NOTICES\.txt$/,
  /^dist\/webview\/[\w.-]+\.(js|css|ttf)$/,
  /^media\/[\w./-]+\.(svg|png|json)$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
];

/** Without these the extension does not run, or may not be passed on. */
const required = [
  'package.json',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/extension.js',
  'dist/worker.js',
  'dist/job.js',
  'dist/cli.js',
  'dist/tfjs-backend-wasm.wasm',
  'dist/tfjs-backend-wasm-simd.wasm',
  'dist/ort-wasm-simd-threaded.mjs',
  'dist/ort-wasm-simd-threaded.wasm',
  'dist/mozjpeg_dec.wasm',
  'dist/THIRD_PARTY_NOTICES.txt',
  'dist/webview/panel.js',
  'dist/webview/inspector.js',
  'dist/webview/inspector.css',
  'dist/webview/panel.css',
];

/** What the VSIX is made of; `.vscodeignore` chooses within it. */
const sources = [
  ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'],
  ...['dist', 'media', 'l10n'],
];

/**
 * Makes the VSIX of what was built.
 * @returns its absolute path. @throws Error naming what is inside and should not be, or is missing.
 */
export async function packageVsix() {
  const { createVSIX, listFiles, PackageManager } = await import('@vscode/vsce');
  const cwd = stage();
  assertContents(await listFiles({ cwd, packageManager: PackageManager.None }));
  const packagePath = path.join(root, 'out/secateur.vsix');
  // Links stay as written: there is no public repository yet that they could point to.
  const links = { allowMissingRepository: true, rewriteRelativeLinks: false };
  await createVSIX({ cwd, packagePath, dependencies: false, ...links });
  return packagePath;
}

/** Copies the sources to a folder of their own: vsce would walk through every installed package. */
function stage() {
  const folder = path.join(root, 'out/package');
  rmSync(folder, { recursive: true, force: true });
  const names = readdirSync(root).filter((name) => /^package\.nls.*\.json$/.test(name));
  for (const name of [...sources, ...names]) {
    const source = path.join(root, name);
    if (existsSync(source)) cpSync(source, path.join(folder, name), { recursive: true });
  }
  return folder;
}

function assertContents(files) {
  const foreign = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
  const missing = required.filter((file) => !files.includes(file));
  if (foreign.length > 0) throw new Error(`does not belong into the VSIX: ${foreign.join(', ')}`);
  if (missing.length > 0) throw new Error(`missing from the VSIX: ${missing.join(', ')}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  installIfStale(root);
  runScript('build.mjs');
  const vsix = await packageVsix();
  console.log(`${path.relative(root, vsix)}: ${(statSync(vsix).size / 1e6).toFixed(2)} MB`);
}
