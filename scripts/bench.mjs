// npm run bench: whole-model magnitude pruning at 80 % of a generated 400 MB float32 safetensors,
// file to file on a memory file system, beside the copy loop and, where Python has torch, beside
// torch.nn.utils.prune.global_unstructured. Figures are ratios of one run on one machine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installIfStale, root } from './install.mjs';

installIfStale(root);
const { copyLoop } = await import('../test/bench/copyLoop.mjs');
const { generateModel } = await import('../test/bench/generateModel.mjs');
const { pruneOnce } = await import('../test/bench/pruneOnce.mjs');
const { torchPrune } = await import('../test/bench/torchPrune.mjs');
const { headerReply } = await import('../test/bench/headerReply.mjs');

const ROUNDS = 5;
const MODEL = { tensorCount: 48, rows: 2048, columns: 1024 };

const build = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
const memory = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const folder = mkdtempSync(path.join(memory, 'secateur-bench-'));
try {
  const model = path.join(folder, 'model.safetensors');
  const bytes = generateModel(model, MODEL);
  console.log(
    `${(bytes / 1e6).toFixed(0)} MB, ${MODEL.tensorCount} tensors of float32, ${ROUNDS} rounds in turn, in ${memory}`,
  );
  const copies = [];
  const prunes = [];
  for (let round = 0; round < ROUNDS; round++) {
    copies.push(copyLoop(model, path.join(folder, 'copy')));
    prunes.push(pruneOnce(root, model, path.join(folder, 'pruned.safetensors')));
  }
  const copy = Math.min(...copies);
  const prune = Math.min(...prunes.map(({ seconds }) => seconds));
  const whole = Math.min(...prunes.map(({ wholeSeconds }) => wholeSeconds));
  const peak = Math.max(...prunes.map(({ peakMegabytes }) => peakMegabytes));
  report('copy loop, best', `${copy.toFixed(3)} s`);
  report(
    'global magnitude prune, best',
    `${prune.toFixed(3)} s`,
    `${(prune / copy).toFixed(1)}x the copy loop (at most 8)`,
  );
  report('the same with process start', `${whole.toFixed(3)} s`, `${(whole / copy).toFixed(1)}x`);
  report('peak resident memory', `${peak.toFixed(0)} MB`, '(at most 150)');
  const torch = torchPrune(model, path.join(folder, 'torch.safetensors'));
  if (torch === null)
    report('torch global_unstructured', 'not run', 'python3 has no torch and safetensors');
  else
    report(
      'torch global_unstructured',
      `${torch.toFixed(2)} s`,
      `${(torch / whole).toFixed(0)}x our whole process (at least 15)`,
    );
  rmSync(folder, { recursive: true, force: true });
  const reply = await headerReply(root);
  report('header of a 10 GB file through the worker', `${reply.toFixed(0)} ms`, '(at most 300)');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(what, figure, note = '') {
  console.log(`${what.padEnd(42)} ${figure.padStart(10)}  ${note}`);
}
