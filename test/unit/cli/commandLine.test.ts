import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeNpz } from '../../../src/core/formats/numpy/encodeNpz';
import type { Comparison } from '../../../src/core/evaluation/comparison';
import type { Evaluation } from '../../../src/core/evaluation/evaluation';
import type { Report } from '../../../src/core/report/report';
import { openModelFile } from '../../../src/node/openModel';
import { readTensorValues } from '../../../src/core/model/readTensor';
import {
  commandLine,
  type CommandResult,
  finished,
  secateur,
  startSecateur,
} from '../../helpers/commandLine';
import { fixturePath, readOracle, temporaryFolder } from '../../helpers/fixtures';
import { copyOfFixture, filesOf } from '../../helpers/modelFixtures';
import { levelsOf } from '../../helpers/pruningOracle';

const lenet5 = fixturePath('tfjs/lenet5');
const iris = fixturePath('numpy/iris_mlp.npz');
const mnist = ['--data', fixturePath('datasets/mnist.npz'), '--split', 'test', '--scale', '1/255'];

/** The one JSON document on stdout, whose shape the caller knows; progress may only be on stderr. */
function json(result: CommandResult): unknown {
  assert.equal(result.exitCode, 0, result.stderr);
  return JSON.parse(result.stdout);
}

test('prune --json gives layers, totals, sizes and evaluation as the oracle has them', async (t) => {
  const out = path.join(await temporaryFolder(t), 'pruned');
  const report = json(
    await secateur('prune', lenet5, '-o', out, '--sparsity', '0.8', ...mnist, '--json'),
  ) as Report;
  const level = levelsOf(await readOracle('pruning/keras_lenet5'))['global_80']!;
  assert.equal(report.totals.zeros, level.total.pruned);
  assert.equal(report.totals.elementCount, level.total.size);
  for (const layer of report.layers) {
    assert.equal(layer.zerosAfter, level.per_layer[layer.tensor]!.pruned, layer.tensor);
    assert.equal(layer.zerosBefore, 0);
    assert.equal(layer.criterion, 'magnitude');
    assert.equal(layer.removedUnits, 0);
  }
  const { before, after } = report.evaluation!;
  assert.ok(
    Math.abs(before.correct! - 963) <= 1 && Math.abs(after.correct! - level.after.correct!) <= 1,
  );
  assert.equal(report.sizes.rawAfter, report.sizes.rawBefore);
  assert.ok(
    report.sizes.gzipAfter! < report.sizes.gzipBefore! / 2,
    'four fifths of the weights are zero',
  );
});

test('the written model evaluates as the report said', async (t) => {
  const out = path.join(await temporaryFolder(t), 'pruned');
  const report = json(
    await secateur('prune', lenet5, '-o', out, '--sparsity', '0.5', ...mnist, '--json'),
  ) as Report;
  const evaluation = json(await secateur('evaluate', out, ...mnist, '--json')) as Evaluation;
  assert.deepEqual(evaluation, report.evaluation!.after);
});

test('evaluate --against tells the model less the other, with tests on the same samples', async () => {
  const args = [...mnist, '--rows', ':200', '--top-k', '2', '--no-latency', '--json'];
  const other = fixturePath('onnx/lenet5_legacy.onnx');
  const found = json(
    await secateur('evaluate', lenet5, '--against', other, ...args),
  ) as Evaluation & {
    readonly against: Evaluation;
    readonly comparison: Comparison;
  };
  const { against, comparison } = found;
  assert.equal(found.samples, 200);
  assert.deepEqual([found.topK?.k, against.topK?.k], [2, 2]);
  assert.equal(comparison.latency, undefined);
  const [accuracy] = comparison.differences;
  const difference = (found.correct! - against.correct!) / 200;
  assert.ok(Math.abs(accuracy!.difference - difference) < 1e-12);
  assert.ok(accuracy!.test.pValue > 0 && accuracy!.test.pValue <= 1);
  const text = await secateur('evaluate', lenet5, '--against', lenet5, ...args.slice(0, -1));
  assert.equal(text.exitCode, 0, text.stderr);
  assert.match(text.stdout, /McNemar, exact/);
  assert.match(text.stdout, /same largest output +100\.0 %/);
});

test('data without labels is refused by evaluate, unless there is a model to compare with', async (t) => {
  const out = path.join(await temporaryFolder(t), 'x.npz');
  const x = {
    name: 'x',
    shape: [4, 4],
    values: Float32Array.from({ length: 16 }, (_, i) => i / 4),
  };
  await writeFile(out, encodeNpz([x]));
  const data = ['--data', out, '--inputs', 'x', '--recipe', await irisRecipe(t)];
  const alone = await secateur('evaluate', iris, ...data);
  assert.equal(alone.exitCode, 2, alone.stderr);
  assert.match(alone.stderr, /found no labels/);
  const found = json(await secateur('evaluate', iris, '--against', iris, ...data, '--json')) as {
    readonly samples: number;
    readonly comparison: Comparison;
  };
  assert.equal(found.samples, 4);
  assert.equal(found.comparison.agreement?.top1, 1);
});

/** A recipe that says how the layers of the Iris network are connected. */
async function irisRecipe(t: TestContext): Promise<string> {
  const recipe = path.join(await temporaryFolder(t), 'iris.prune.json');
  const layers = [
    { kernel: 'W1', bias: 'b1', activation: 'sigmoid' },
    { kernel: 'W2', bias: 'b2', activation: 'sigmoid' },
  ];
  await writeFile(recipe, JSON.stringify({ architecture: { axisOrder: 'in-out', layers } }));
  return recipe;
}

test('plan says what prune does and writes nothing', async (t) => {
  const folder = await copyOfFixture(t, 'tfjs/lenet5');
  const before = await filesOf(folder);
  const plan = json(await secateur('plan', folder, '--sparsity', '0.3', '--json')) as Report;
  assert.deepEqual(await filesOf(folder), before);
  assert.deepEqual(await readdir(path.dirname(folder)), ['lenet5']);
  const out = path.join(await temporaryFolder(t), 'pruned');
  const pruned = json(
    await secateur('prune', folder, '-o', out, '--sparsity', '0.3', '--json'),
  ) as Report;
  assert.deepEqual(plan.layers, pruned.layers);
  assert.deepEqual(plan.totals, pruned.totals);
  assert.deepEqual(plan.sizes, pruned.sizes);
});

test('--layers and --exclude choose by glob and leave the others out of the count', async () => {
  const chosen = json(
    await secateur('plan', lenet5, '--layers', 'fc*', '--exclude', 'fc3', '--json'),
  ) as Report;
  assert.deepEqual(
    chosen.layers.map(({ layer }) => layer),
    ['fc1', 'fc2'],
  );
  assert.equal(chosen.totals.zeros, (48000 + 10080) / 2);
});

test('a threshold and then a unit threshold zero units with their bias', async (t) => {
  const out = path.join(await temporaryFolder(t), 'out.npz');
  const report = json(
    await secateur(
      'prune',
      iris,
      '-o',
      out,
      '--threshold',
      '0.29',
      '--unit-threshold',
      '0.5',
      '--json',
    ),
  ) as Report;
  // Units 4 and 6 of the hidden layer have weights of at most 0.302; nothing of theirs is above 0.5 in norm.
  assert.equal(report.layers[0]!.removedUnits, 2);
  const opened = await openModelFile(out);
  t.after(() => opened.close());
  const read = async (name: string): Promise<number[]> => [
    ...(await readTensorValues(
      opened.model,
      opened.model.tensors.find((one) => one.name === name)!,
    )),
  ];
  const [weights, bias] = [await read('W1'), await read('b1')];
  const silent = [4, 6];
  for (const unit of silent) {
    assert.equal(bias[unit], 0);
    for (let input = 0; input < 4; input++) assert.equal(weights[input * 8 + unit], 0);
  }
  assert.equal(bias.filter((value) => value === 0).length, 2);
});

test('run writes the outputs that Keras predicts', async (t) => {
  const out = path.join(await temporaryFolder(t), 'y.npz');
  const oracle = fixturePath('oracles/outputs/tfjs__lenet5.npz');
  const result = await secateur('run', lenet5, '--inputs', oracle, '--out', out);
  assert.equal(result.exitCode, 0, result.stderr);
  const [mine, theirs] = [await openModelFile(out), await openModelFile(oracle)];
  t.after(() => Promise.all([mine.close(), theirs.close()]));
  const expected = theirs.model.tensors.find(({ name }) => name === 'output0')!;
  const values = await readTensorValues(mine.model, mine.model.tensors[0]!);
  const wanted = await readTensorValues(theirs.model, expected);
  assert.deepEqual(mine.model.tensors[0]!.shape, expected.shape);
  for (const [i, value] of values.entries()) assert.ok(Math.abs(value - wanted[i]!) <= 1e-5);
});

test('inspect --json holds every field of the contract', async () => {
  const document = json(await secateur('inspect', lenet5, '--json')) as Record<string, unknown>;
  for (const field of [
    'format',
    'metadata',
    'parameterCount',
    'byteLength',
    'tensors',
    'layers',
    'inputs',
    'outputs',
  ]) {
    assert.ok(field in document, field);
  }
  const [tensor] = document['tensors'] as Record<string, unknown>[];
  for (const field of [
    'name',
    'shape',
    'dtype',
    'elementCount',
    'min',
    'max',
    'mean',
    'std',
    'zeros',
    'nonFinite',
    'l1',
    'l2',
    'histogram',
  ]) {
    assert.ok(field in tensor!, field);
  }
  const [layer] = document['layers'] as Record<string, unknown>[];
  for (const field of [
    'name',
    'operator',
    'parameters',
    'unitAxis',
    'unitCount',
    'prunable',
    'lockedBy',
  ]) {
    assert.ok(field in layer!, field);
  }
  assert.equal(document['parameterCount'], 61706);
});

const FAILURES: readonly (readonly [string, number, RegExp, readonly string[]])[] = [
  ['an unknown command', 2, /"prun".*allowed: inspect/, ['prun', lenet5]],
  ['an unknown option', 2, /--sparsty/, ['plan', lenet5, '--sparsty', '0.5']],
  [
    'a sparsity above 1',
    2,
    /sparsity: found 1.5; allowed: a number from 0 to 1/,
    ['plan', lenet5, '--sparsity', '1.5'],
  ],
  [
    'two targets at once',
    2,
    /one of them/,
    ['plan', lenet5, '--sparsity', '0.5', '--threshold', '0.1'],
  ],
  [
    'a glob that matches nothing',
    2,
    /"typo\*" matches no layer/,
    ['plan', lenet5, '--exclude', 'typo*'],
  ],
  [
    'an option from an unset variable',
    2,
    /--layers: found an empty name/,
    ['plan', lenet5, '--layers', ''],
  ],
  ['an empty file name', 2, /empty file name/, ['inspect', '']],
  ['an unknown criterion', 2, /criterion.*"magnitude"/, ['plan', lenet5, '--criterion', 'luck']],
  ['no output', 2, /-o OUT/, ['prune', lenet5]],
  [
    'an output that is the original',
    2,
    /is iris_mlp.npz, which is being read; name another file/,
    ['prune', iris, '-o', iris],
  ],
  ['data without a file', 2, /--labels without --data/, ['plan', lenet5, '--labels', 'y']],
  ['a file that is not there', 3, /no such file/, ['inspect', fixturePath('nowhere.npz')]],
  [
    'weights of a type that is not pruned',
    4,
    /\(dtype\)/,
    ['plan', fixturePath('numpy/edge_complex64.npy')],
  ],
];

for (const [what, exitCode, message, args] of FAILURES) {
  test(`${what} ends with exit code ${exitCode} and says why`, async () => {
    const result = await secateur(...args);
    assert.equal(result.exitCode, exitCode, result.stderr);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, '');
    assert.doesNotMatch(result.stderr, /\n {4}at /, 'no stack for what the user can mend');
  });
}

test('inspect shows what is a guess, and takes the word of --weight-layout for it', async () => {
  const args = ['inspect', fixturePath('numpy/edge_fortran.npy'), '--no-statistics', '--json'];
  const axisOf = async (...more: string[]): Promise<unknown[]> => {
    const { stdout, stderr } = await secateur(...args, ...more);
    const { layers } = JSON.parse(stdout) as { layers: { guessed: boolean; unitAxis: number }[] };
    assert.equal(stderr, '');
    return layers.map(({ guessed, unitAxis }) => [guessed, unitAxis]);
  };
  assert.deepEqual(await axisOf('--weight-layout', 'torch'), [[true, 0]]);
  assert.deepEqual(await axisOf('--weight-layout', 'keras'), [[true, 1]]);
});

test('a plan tells the size that packed data will have', async (t) => {
  const input = fixturePath('numpy/iris_mlp_compressed.npz');
  const output = path.join(await temporaryFolder(t), 'out.npz');
  const sizesOf = (stdout: string): unknown => (JSON.parse(stdout) as { sizes: unknown }).sizes;
  const plan = await secateur('plan', input, '--json');
  const prune = await secateur('prune', input, '-o', output, '--json');
  assert.deepEqual(sizesOf(plan.stdout), sizesOf(prune.stdout));
});

test('convert writes a safetensors file and says what it left out', async (t) => {
  const output = path.join(await temporaryFolder(t), 'out.safetensors');
  const input = fixturePath('tfjs/digits_mlp_with_optimizer');
  const result = await secateur('convert', input, '-o', output);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.match(
    result.stdout,
    /13 tensors of optimizer state are left out[^]*Written: .*out\.safetensors/,
  );
  const json = await secateur('convert', input, '-o', output, '--optimizer', '--json');
  const { tensorCount } = JSON.parse(json.stdout) as { tensorCount: number };
  assert.equal(tensorCount, 19);
});

test('a file that is no model ends with exit code 3 and names what can be read', async (t) => {
  const file = path.join(await temporaryFolder(t), 'page.html');
  await writeFile(file, '<!DOCTYPE html><html></html>');
  const result = await secateur('inspect', file);
  assert.equal(result.exitCode, 3);
  assert.match(result.stderr, /<!DOCTYPE html>.*safetensors/);
});

test('a bound that does not hold ends with exit code 5 and keeps nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const recipe = path.join(folder, 'strict.prune.json');
  const data = { file: fixturePath('datasets/mnist.npz'), split: 'test', divideBy: 255 };
  await writeFile(
    recipe,
    JSON.stringify({
      model: lenet5,
      output: 'out',
      sparsity: 0.95,
      data,
      bounds: { accuracyDrop: 0.01 },
    }),
  );
  const result = await secateur('prune', '--recipe', recipe);
  assert.equal(result.exitCode, 5, result.stderr);
  assert.match(result.stderr, /accuracy fell by/);
  assert.deepEqual(await readdir(folder), ['strict.prune.json']);
});

test('an interrupted prune ends with exit code 130 and leaves nothing behind', async (t) => {
  const folder = await temporaryFolder(t);
  const child = startSecateur(['prune', lenet5, '-o', path.join(folder, 'out'), ...mnist]);
  const end = finished(child);
  // Once the temporary output is there the prune is under way.
  while ((await readdir(folder)).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const interruptedAt = performance.now();
  child.kill('SIGINT');
  const { exitCode, stderr } = await end;
  const took = performance.now() - interruptedAt;
  assert.equal(exitCode, 130, stderr);
  assert.deepEqual(await readdir(folder), []);
  t.diagnostic(`ended ${took.toFixed(0)} ms after the signal`);
});

test('an output below a file ends with exit code 2 and leaves the file alone', async (t) => {
  const blocked = path.join(await temporaryFolder(t), 'file');
  await writeFile(blocked, 'not a folder');
  const output = path.join(blocked, 'out.npz');
  const commands = [
    ['prune', iris, '-o', output],
    ['scores', iris, '--criterion', 'magnitude', '--out', output],
    ['plan', iris, '--sparsity', '0.5', '--save-mask', output],
    ['pack', iris, '-o', output],
  ];
  for (const args of commands) {
    const result = await secateur(...args);
    assert.equal(result.exitCode, 2, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, /lies below a file/);
  }
  assert.equal(await readFile(blocked, 'utf8'), 'not a folder');
});

test('bounds without data to measure them on end with exit code 2 and write nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const recipe = path.join(folder, 'a.prune.json');
  const fields = { model: iris, output: 'out.npz', bounds: { accuracyDrop: 0.1 } };
  await writeFile(recipe, JSON.stringify(fields));
  const result = await secateur('prune', '--recipe', recipe);
  assert.equal(result.exitCode, 2, result.stderr);
  assert.match(result.stderr, /bounds, but no data/);
  assert.deepEqual(await readdir(folder), ['a.prune.json']);
});

test('run never writes over the model or its inputs', async (t) => {
  const folder = await copyOfFixture(t, 'tfjs/autoencoder');
  const before = await filesOf(folder);
  const inputs = fixturePath('oracles/outputs/tfjs__autoencoder.npz');
  const out = path.join(folder, 'weights.bin');
  const result = await secateur('run', folder, '--inputs', inputs, '--out', out);
  assert.equal(result.exitCode, 2, result.stderr);
  assert.deepEqual(await filesOf(folder), before);
});

test('a write that the system cuts short ends with exit code 6 and leaves nothing behind', async (t) => {
  const folder = await temporaryFolder(t);
  // A file size limit of 100 blocks of 512 bytes, whose signal is ignored: writes then fail as on a full disk.
  const script = `trap '' XFSZ; ulimit -f 100; exec "$0" "$@"`;
  const command = [process.execPath, commandLine, 'prune', lenet5, '-o', path.join(folder, 'out')];
  const child = spawn('sh', ['-c', script, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { exitCode, stderr } = await finished(child);
  assert.equal(exitCode, 6, stderr);
  assert.match(stderr, /writing .*weights\.bin failed: .*EFBIG.*original is untouched/);
  assert.deepEqual(await readdir(folder), []);
});
