// Installs the VS Code that runs in a browser: code-server, with its own Node, below test/vscode-host.
// Prebuilt binaries come inside the npm packages, so no install script is run and no compiler needed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, runNpm } from './install.mjs';

const folder = path.join(root, 'test/vscode-host');
const codeServer = path.join(folder, 'node_modules/code-server');
const stamp = path.join(folder, 'node_modules/.complete');
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs what is missing; does nothing where the installation is complete.
 * @returns the Node to run it with and its entry file, absolute, and what it is, in words.
 */
export function installVscodeHost() {
  const wanted = createHash('sha256').update(lockFile()).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    install();
    writeFileSync(stamp, wanted);
  }
  return { node: findNode(), entry: path.join(codeServer, 'out/node/entry.js'), label: label() };
}

function label() {
  const version = (place) => JSON.parse(readFileSync(path.join(place, 'package.json'))).version;
  return `code-server ${version(codeServer)} / Code ${version(path.join(codeServer, 'lib/vscode'))}`;
}

function install() {
  console.log('> installing the browser-hosted VS Code into test/vscode-host (800 MB)');
  // The stamp goes first: an installation that is broken off must not look complete.
  rmSync(stamp, { force: true });
  runNpm(folder, ['ci', ...quiet]);
  const vscode = path.join(codeServer, 'lib/vscode');
  for (const part of [vscode, path.join(vscode, 'extensions')]) {
    // Not `npm ci`: the shrinkwrap that code-server ships is out of step with its package.json.
    runNpm(part, ['install', '--omit=dev', '--no-save', ...quiet]);
  }
}

/** code-server runs on Node 24 only. */
function findNode() {
  const packaged = path.join(
    folder,
    `node_modules/node-${process.platform}-${process.arch}/bin/node`,
  );
  if (existsSync(packaged)) return packaged;
  if (process.versions.node.startsWith('24.')) return process.execPath;
  throw new Error(
    `The browser-hosted VS Code needs Node 24; this is ${process.version} on ` +
      `${process.platform} ${process.arch}. Run the same command with Node 24.`,
  );
}

function lockFile() {
  return readFileSync(path.join(folder, 'package-lock.json'));
}
