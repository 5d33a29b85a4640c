// Types, lint and formatting over everything: the same words here and in CI.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const steps = [
  ['tsc', '-b', 'test', 'webview', 'src'],
  ['eslint', '.'],
  ['prettier', '--check', '--log-level', 'warn', '.'],
];
let failed = false;
for (const [tool, ...args] of steps) {
  console.log(`> ${tool} ${args.join(' ')}`);
  const bin = path.join(root, 'node_modules/.bin', tool);
  const { status } = spawnSync(bin, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  failed ||= status !== 0;
}
if (failed) process.exit(1);
