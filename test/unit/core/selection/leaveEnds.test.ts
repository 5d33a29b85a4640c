import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../src/core/report/plan';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { fixturePath } from '../../../helpers/fixtures';
import { secateur } from '../../../helpers/commandLine';
import { openFixture } from '../../../helpers/modelFixtures';

async function planOf(t: TestContext, file: string, method: object): Promise<Plan> {
  const { model } = await openFixture(t, file);
  return planPrune(model, parseRecipe({ scope: 'layer', ...method }, 'test'), unattended);
}

const layersOf = ({ entries }: Plan): readonly string[] => entries.map(({ layer }) => layer);

/** The first and the last layer of each network, as its file calls them. */
const ENDS: readonly (readonly [file: string, reads: string, gives: string])[] = [
  ['onnx/digits_mlp_legacy.onnx', '/fc1/Gemm', '/fc3/Gemm'],
  ['onnx/digits_mlp_int8_dynamic.onnx', '/fc1/Gemm_MatMul_quant', '/fc3/Gemm_MatMul_quant'],
  ['onnx/lenet5_int8_qdq.onnx', '/conv1/Conv', '/fc3/Gemm'],
  ['onnx/lstm_legacy.onnx', '/lstm/LSTM', '/fc/Gemm'],
  ['onnx/mobilenet_bn_unfolded.onnx', '/stem/stem.0/Conv', '/fc/Gemm'],
  ['onnx/resnet_bn_folded.onnx', '/conv1/Conv', '/fc/Gemm'],
  ['onnx/transformer_legacy.onnx', '/emb/MatMul', '/head/Gemm'],
  ['keras/autoencoder.keras', 'enc1', 'recon'],
  ['keras/gru.keras', 'gru1', 'out'],
  ['keras/resbn.h5', 'stem_conv', 'fc'],
  ['tfjs/lenet5_graph', 'lenet5_1/conv1_1', 'lenet5_1/fc3_1'],
];

for (const [file, reads, gives] of ENDS) {
  test(`whole units of ${file}: what the model gives and reads stays, and is out of the count`, async (t) => {
    const everything = await planOf(t, file, { sparsity: 0.5 });
    const units = await planOf(t, file, { granularity: 'unit', sparsity: 0.5 });
    const isEnd = (layer: string): boolean => layer === gives;
    assert.deepEqual(
      layersOf(units),
      layersOf(everything).filter((layer) => !isEnd(layer)),
    );
    const counted = everything.entries.filter(({ layer }) => !isEnd(layer));
    assert.equal(
      units.totals.elementCount,
      counted.reduce((sum, { elementCount }) => sum + elementCount, 0),
    );
    const told = units.warnings.filter((one) => one.includes("gives the model's outputs"));
    assert.deepEqual(told, [
      `${gives} gives the model's outputs: its units stay (--layers, or a setting of its own, prunes them all the same)`,
    ]);
    assert.deepEqual(
      units.leftEnds.map(({ layer, end }) => [layer, end]),
      [[gives, 'outputs']],
    );
    const inputs = await planOf(t, file, { granularity: 'unit:input', sparsity: 0.5 });
    assert.ok(!inputs.entries.some(({ layer, cut }) => layer === reads && cut.zeroedUnits.length));
    assert.ok(inputs.warnings.some((one) => one.startsWith(`${reads} reads the model's inputs`)));
    assert.ok(layersOf(inputs).includes(gives));
  });
}

test('a layer that the recipe names gives up outputs of the model', async (t) => {
  const file = 'onnx/digits_mlp_legacy.onnx';
  const method = { granularity: 'unit', sparsity: 0.5 };
  for (const naming of [
    { only: ['/fc3/*'] },
    { only: ['*'] },
    { layers: { '/fc3/Gemm': { sparsity: 0.5 } } },
    { layers: { '/fc3/Gemm': { granularity: 'unit' } } },
  ]) {
    const plan = await planOf(t, file, { ...method, ...naming });
    const last = plan.entries.find(({ layer }) => layer === '/fc3/Gemm');
    assert.equal(last?.cut.zeroedUnits.length, 5, JSON.stringify(naming));
    assert.ok(!plan.warnings.some((one) => one.includes("model's outputs")));
  }
});

test('a layer whose units do not go as a whole is pruned like any other', async (t) => {
  const file = 'onnx/digits_mlp_legacy.onnx';
  const byWeight = { '/fc3/Gemm': { granularity: 'weight' } };
  for (const method of [
    { sparsity: 0.5 },
    { granularity: '2:4' },
    { granularity: 'unit', sparsity: 0.5, layers: byWeight },
  ]) {
    const plan = await planOf(t, file, method);
    const last = plan.entries.find(({ layer }) => layer === '/fc3/Gemm');
    assert.equal(last?.zerosAfter, 320);
    assert.deepEqual(last.cut.zeroedUnits, []);
  }
});

test('the unit threshold takes no outputs of the model, but those of a layer that the recipe names', async (t) => {
  const file = 'onnx/digits_mlp_legacy.onnx';
  // Above every norm, so that all units go but the one that a layer keeps, and those that are kept from it.
  const method = { sparsity: 0.5, unitThreshold: 1e9 };
  const plan = await planOf(t, file, method);
  assert.deepEqual(
    plan.entries.map(({ layer, cut }) => [layer, cut.zeroedUnits.length]),
    [
      ['/fc1/Gemm', 63],
      ['/fc2/Gemm', 63],
      ['/fc3/Gemm', 0],
    ],
  );
  assert.equal(plan.entries[2]?.zerosAfter, 320, 'single weights go all the same');
  assert.deepEqual(
    plan.warnings.filter((one) => one.startsWith('/fc3/Gemm')),
    [
      "/fc3/Gemm: the unit threshold does not apply, its units are the model's outputs (--layers, or a setting of its own, prunes them all the same)",
    ],
  );
  for (const naming of [
    { only: ['/fc3/*'] },
    { layers: { '/fc3/Gemm': { unitThreshold: 1e9 } } },
  ]) {
    const named = await planOf(t, file, { ...method, ...naming });
    const last = named.entries.find(({ layer }) => layer === '/fc3/Gemm');
    assert.equal(last?.cut.zeroedUnits.length, 9, JSON.stringify(naming));
  }
});

test('where a file does not tell how layers are connected, all give up units', async (t) => {
  const plan = await planOf(t, 'numpy/iris_mlp.npz', { granularity: 'unit', sparsity: 0.34 });
  assert.deepEqual(
    plan.entries.map(({ cut }) => cut.zeroedUnits.length > 0),
    [true, true],
  );
  assert.deepEqual(plan.warnings, []);
});

test('the command line names a layer of outputs by --layers', async () => {
  const file = fixturePath('keras/digits_mlp.keras');
  const options = ['--granularity', 'unit', '--sparsity', '0.5', '--json'];
  const plain = await secateur('plan', file, ...options);
  assert.equal(plain.exitCode, 0, plain.stderr);
  const reports = [plain, await secateur('plan', file, ...options, '--layers', 'fc3')].map(
    ({ stdout }) => JSON.parse(stdout) as { layers: { layer: string }[]; warnings: string[] },
  );
  assert.deepEqual(
    reports.map(({ layers }) => layers.map(({ layer }) => layer)),
    [['fc1', 'fc2'], ['fc3']],
  );
  assert.match(reports[0]!.warnings[0]!, /^fc3 gives the model's outputs: its units stay/);
});
