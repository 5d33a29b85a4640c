// npm run peers [-- KIND…]: prunes every fixture with the built command line and loads the result back with the
// library that made it: torch, Keras, onnx and onnxruntime, safetensors, NumPy. PYTHON names the
// interpreter (python3); what its libraries do not load is said. An unpruned rewrite must be the same file. `packed`
// packs fixtures: ONNX Runtime gives the outputs of the unpacked file, SciPy reads the arrays of an npz, and safetensors are
// put together as docs/packed.md says.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { installIfStale, root } from './install.mjs';
import { runScript } from './runScript.mjs';

const KINDS = ['numpy', 'safetensors', 'keras', 'onnx', 'pytorch', 'paddle', 'packed'];
/** Fixtures of formats that pack, with enough weights to become smaller. */
const PACKABLE = [
  'onnx/digits_mlp_legacy.onnx',
  'onnx/digits_mlp_f16.onnx',
  'onnx/lenet5_legacy.onnx',
  'onnx/lstm_legacy.onnx',
  'onnx/transformer_dynamo.onnx',
  'packed/layers.npz',
  'safetensors/digits_mlp_f32.safetensors',
  'safetensors/digits_mlp_f16.safetensors',
  'safetensors/resnet.safetensors',
  'safetensors/transformer.safetensors',
];
const python = process.env.PYTHON ?? 'python3';
const output = path.join(root, 'out/peers');
const failures = [];

installIfStale(root);
runScript('build.mjs');
await rm(output, { recursive: true, force: true });
const cases = [];
for (const kind of process.argv.length > 2 ? process.argv.slice(2) : KINDS) {
  if (kind === 'packed') {
    cases.push(...PACKABLE.map(packFixture));
    continue;
  }
  for (const fixture of await fixturesOf(kind)) {
    const one = await pruneFixture(kind, fixture);
    if (one !== null) cases.push(one);
  }
}
loadBack(cases);
console.log(`${cases.length} models written, ${failures.length} failed`);
for (const failure of failures) console.error(`✖ ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Main files below test/fixtures/`kind`, absolute. */
async function fixturesOf(kind) {
  const base = path.join(root, 'test/fixtures', kind);
  const names = (await readdir(base, { recursive: true })).sort();
  const mains = names.filter(
    (name) =>
      /\.(npz|npy|keras|h5|onnx|pt|pth|pdparams|pdopt|index\.json|weights\.json)$/.test(name) ||
      /^[^/\\]+\.safetensors$/.test(name),
  );
  return mains.map((name) => path.join(base, name));
}

/** Prunes half of the weights; also checks that with nothing to prune the files stay as they are. */
async function pruneFixture(kind, original) {
  const name = path.basename(original);
  const place = name.endsWith('.json') ? path.basename(path.dirname(original)) : '';
  const folder = path.join(output, kind, place, name.replaceAll('.', '_'));
  const pruned = path.join(folder, 'pruned', name);
  const rewritten = path.join(folder, 'rewritten', name);
  const plain = secateur(['prune', original, '-o', rewritten, '--sparsity', '0', '--json']);
  if (plain.status === 0) await assertSameBytes(original, rewritten);
  const { status, stdout, stderr } = secateur([
    'prune',
    original,
    '-o',
    pruned,
    '--sparsity',
    '0.5',
    '--json',
  ]);
  if (status !== 0) {
    console.log(
      `${kind}/${name}: not pruned (exit ${status}): ${stderr.trim().split('\n').at(-1)}`,
    );
    return null;
  }
  const { layers } = JSON.parse(stdout);
  const zeros = Object.fromEntries(layers.map(({ tensor, zerosAfter }) => [tensor, zerosAfter]));
  return { kind, original, pruned, zeros };
}

/** Prunes most weights, and packs what is left. */
function packFixture(fixture) {
  const name = path.basename(fixture);
  const folder = path.join(output, 'packed', name.replaceAll('.', '_'));
  const [original, pruned] = [path.join(folder, 'zeroed', name), path.join(folder, 'packed', name)];
  const source = path.join(root, 'test/fixtures', fixture);
  for (const args of [
    ['prune', source, '-o', original, '--sparsity', '0.9'],
    ['pack', original, '-o', pruned],
  ]) {
    mkdirSync(path.join(folder, 'packed'), { recursive: true });
    const { status, stderr } = secateur(args);
    if (status !== 0) failures.push(`${fixture}: ${args[0]} ended with ${status}: ${stderr}`);
  }
  return { kind: `packed-${path.extname(name).slice(1)}`, original, pruned, zeros: {} };
}

function secateur(args) {
  return spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args], {
    encoding: 'utf8',
  });
}

async function assertSameBytes(original, rewritten) {
  const names = await readdir(path.dirname(rewritten));
  for (const name of names) {
    const before = await readFile(path.join(path.dirname(original), name));
    const after = await readFile(path.join(path.dirname(rewritten), name));
    if (!before.equals(after)) failures.push(`${original}: ${name} is not byte-identical`);
  }
}

function loadBack(list) {
  const probe = spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
  if (probe.status !== 0) {
    console.log(`not loaded back: ${python} has no NumPy`);
    return;
  }
  const manifest = path.join(output, 'manifest.json');
  mkdirSync(output, { recursive: true });
  writeFileSync(manifest, JSON.stringify(list));
  const program = path.join(root, 'test/peers/loadBack.py');
  const { stdout, stderr, status } = spawnSync(python, [program, manifest], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const line of stdout.split('\n').filter((one) => one.startsWith('{'))) {
    const { pruned, outcome, detail } = JSON.parse(line);
    const label = path.relative(output, path.dirname(path.dirname(pruned)));
    console.log(`${outcome.padEnd(8)} ${label}: ${detail}`);
    if (outcome === 'failed') failures.push(`${label}: ${detail}`);
  }
  if (status !== 0) failures.push(`${program} ended with ${status}: ${stderr.slice(-2000)}`);
}
