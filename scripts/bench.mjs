// npm run bench [-- pruning onnx training evaluation reconstruction wanda large]: all parts but `large`, or those that are named.
// pruning: statistics, whole-model magnitude and LAMP pruning at 80 % and 2:4 sparsity of a generated 400 MB float32
// safetensors, file to file on a memory file system, beside the copy loop and, where Python has torch, beside
// torch.nn.utils.prune.global_unstructured. Figures are ratios of one run on one machine.
// onnx: networks through our executor beside ONNX Runtime called alone, paired.
// training: steps of LeNet-5 beside tfjs-layers' plain backend, and its memory over 1,000 of them; beside the native
// engine where TFJS_NODE_DIR names its folder.
// evaluation: 1,000 digits through networks of each format, from the fork to the result.
// reconstruction: sparsegpt of one layer, with X X^T, beside NumPy doing the same where Python has it.
// wanda: scores of a transformer of 109 million parameters beside its forward pass over the same samples.
// large (with `--large` after all others): the peak memory of inspecting and pruning models of 6 GB (13 GB of disk).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadTypeScript } from './bundle.mjs';
import { installIfStale, root } from './install.mjs';

installIfStale(root);
const { copyLoop } = await import('../test/bench/copyLoop.mjs');
const { generateModel } = await import('../test/bench/generateModel.mjs');
const { runCommandLine } = await import('../test/bench/runCommandLine.mjs');
const { numpySparsegpt } = await import('../test/bench/numpySparsegpt.mjs');
const { torchPrune } = await import('../test/bench/torchPrune.mjs');
const { largeModelBytes, writeLargeOnnx, writeLargeSafetensors } =
  await import('../test/bench/largeModels.mjs');
const { wandaRatio } = await import('../test/bench/wandaRatio.mjs');
const { headerReply } = await import('../test/bench/headerReply.mjs');

const ROUNDS = 5;
const MODEL = { tensorCount: 48, rows: 2048, columns: 1024 };
const GLOBAL_MAGNITUDE = ['--sparsity', '0.8'];
const TWO_OF_FOUR = ['--granularity', '2:4'];
const LAMP = ['--criterion', 'lamp', '--sparsity', '0.8'];

const PARTS = {
  pruning: measurePruning,
  onnx: measureOnnx,
  training: measureTraining,
  evaluation: measureEvaluation,
  reconstruction: measureReconstruction,
  wanda: measureWanda,
  large: measureLargeModels,
};
const parts = chosenParts(process.argv.slice(2));

const build = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
for (const part of parts) await PARTS[part]();

/** @throws Error for a part that there is not. */
function chosenParts(words) {
  const names = words.map((word) => word.replace(/^--/, ''));
  const unknown = names.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) {
    throw new Error(
      `npm run bench: there is no part ${unknown}, but ${Object.keys(PARTS).join(', ')}`,
    );
  }
  const all = Object.keys(PARTS).filter((name) => name !== 'large');
  if (names.length === 0) return all;
  return words.length === 1 && words[0] === '--large' ? [...all, 'large'] : names;
}

async function measurePruning() {
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
    const patterns = [];
    const adapted = [];
    const inspections = [];
    for (let round = 0; round < ROUNDS; round++) {
      copies.push(copyLoop(model, path.join(folder, 'copy')));
      prunes.push(pruneOnce(model, path.join(folder, 'pruned.safetensors'), GLOBAL_MAGNITUDE));
      patterns.push(pruneOnce(model, path.join(folder, 'pruned.safetensors'), TWO_OF_FOUR));
      adapted.push(pruneOnce(model, path.join(folder, 'pruned.safetensors'), LAMP));
      inspections.push(runCommandLine(root, ['inspect', model, '--json']));
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
    const pattern = Math.min(...patterns.map(({ seconds }) => seconds));
    report(
      '2:4 prune, best',
      `${pattern.toFixed(3)} s`,
      `${(pattern / copy).toFixed(1)}x the copy loop (at most 6)`,
    );
    const lamp = Math.min(...adapted.map(({ seconds }) => seconds));
    const lampPeak = Math.max(...adapted.map(({ peakMegabytes }) => peakMegabytes));
    report(
      'global lamp prune, best',
      `${lamp.toFixed(3)} s`,
      `${(lamp / copy).toFixed(1)}x the copy loop (at most 25), peak ${lampPeak.toFixed(0)} MB`,
    );
    report(
      'global magnitude with process start',
      `${whole.toFixed(3)} s`,
      `${(whole / copy).toFixed(1)}x`,
    );
    report('peak resident memory', `${peak.toFixed(0)} MB`, '(at most 150)');
    const inspect = Math.min(...inspections.map(({ seconds }) => seconds));
    const inspectPeak = Math.max(...inspections.map(({ peakMegabytes }) => peakMegabytes));
    report(
      'inspect with statistics, best',
      `${inspect.toFixed(3)} s`,
      `${(inspect / copy).toFixed(1)}x the copy loop (at most 5), peak ${inspectPeak.toFixed(0)} MB`,
    );
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
}

async function measureOnnx() {
  const { onnxRuntimeRatio } = await loadTypeScript('test/bench/onnxRuntimeRatio.ts');
  for (const [name, shape] of [
    ['lenet5_legacy', [128, 1, 28, 28]],
    ['mobilenet_bn_folded', [64, 1, 28, 28]],
    ['lstm_legacy', [64, 24, 1]],
  ]) {
    const file = path.join(root, `test/fixtures/onnx/${name}.onnx`);
    const { ours, ratio } = await onnxRuntimeRatio({ file, shape, rounds: 15, runsEachRound: 10 });
    report(
      `${name} in ONNX Runtime, batch ${shape[0]}`,
      `${ours.toFixed(2)} ms`,
      `${ratio.toFixed(2)}x the library alone (at most 1.15)`,
    );
  }
}

async function measureTraining() {
  const { measureTrainingMemory, timeTrainingSteps } = await loadTypeScript(
    'test/bench/trainingStep.ts',
  );
  const memoryAfter = await measureTrainingMemory(1000);
  const steps = await timeTrainingSteps();
  report(
    'LeNet-5 training step, batch 128, best',
    `${(steps.own * 1000).toFixed(0)} ms`,
    `${(steps.plain / steps.own).toFixed(0)}x as fast as the plain backend (at least 100)`,
  );
  report(
    'the same on the native engine',
    steps.native === null ? 'not run' : `${(steps.native * 1000).toFixed(0)} ms`,
    steps.native === null
      ? 'TFJS_NODE_DIR names no folder'
      : `ours takes ${(steps.own / steps.native).toFixed(1)}x as long`,
  );
  report(
    `memory after 10 and ${memoryAfter.steps} steps`,
    `${memoryAfter.bytes.map((bytes) => (bytes / 1e6).toFixed(2)).join(', ')} MB`,
    `${memoryAfter.tensors.join(', ')} tensors; heap ${memoryAfter.heapBytes.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ')} MB (tensors and their bytes must not grow)`,
  );
}

async function measureEvaluation() {
  const { EVALUATED_FIXTURES, timeEvaluation } = await loadTypeScript(
    'test/bench/evaluationTimes.ts',
  );
  for (const fixture of EVALUATED_FIXTURES) {
    const { seconds, correct, cancelMs } = await timeEvaluation(fixture);
    report(
      `${fixture} on 1,000 digits (${correct} right)`,
      `${seconds.toFixed(1)} s (below 10)`,
      `a cancel lands in ${cancelMs.toFixed(0)} ms (at most 200)`,
    );
  }
}

async function measureReconstruction() {
  const { timeSparsegpt } = await loadTypeScript('test/bench/sparsegptTime.ts');
  const ours = timeSparsegpt(1024, 2048);
  const theirs = numpySparsegpt(1024, 2048);
  report(
    'sparsegpt of 1024 x 1024 on 2,048 vectors',
    `${ours.toFixed(2)} s`,
    theirs === null
      ? 'python3 has no NumPy to compare with'
      : `${(ours / theirs).toFixed(1)}x NumPy doing the same (at most 8)`,
  );
}

async function measureWanda() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'secateur-bench-'));
  try {
    const samples = 16;
    const found = await wandaRatio(folder, { samples, rounds: 3 });
    report(
      `wanda, ${(found.parameters / 1e6).toFixed(0)} M parameters, ${samples} samples`,
      `${found.wanda.toFixed(1)} s`,
      `${found.ratio.toFixed(2)}x the forward pass alone, ${found.forward.toFixed(1)} s (at most 2), processor time; ` +
        `peak ${found.peakMegabytes.toFixed(0)} MB, ${found.forwardPeakMegabytes.toFixed(0)} MB of the forward pass`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureLargeModels() {
  measureLarge('sharded safetensors', writeLargeSafetensors);
  measureLarge('ONNX with external data', writeLargeOnnx);
}

function pruneOnce(model, output, method) {
  const args = ['prune', model, '-o', output, ...method, '--json'];
  const measured = runCommandLine(root, args);
  rmSync(output);
  return measured;
}

/** On the disk, because a memory file system that holds both files leaves the machine little. */
function measureLarge(what, write) {
  const place = mkdtempSync(path.join(os.tmpdir(), 'secateur-bench-'));
  try {
    const model = write(place);
    const size = `${(largeModelBytes / 1e9).toFixed(1)} GB`;
    const output = path.join(place, 'pruned', path.basename(model));
    for (const args of [
      ['inspect', model, '--json'],
      ['prune', model, '-o', output, '--sparsity', '0.8', '--json'],
    ]) {
      const { seconds, peakMegabytes } = runCommandLine(root, args);
      report(
        `${args[0]} ${what}, ${size}`,
        `${seconds.toFixed(0)} s`,
        `peak ${peakMegabytes.toFixed(0)} MB (at most 300)`,
      );
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function report(what, figure, note = '') {
  console.log(`${what.padEnd(42)} ${figure.padStart(10)}  ${note}`);
}
