import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Graph } from '../../../../src/core/graph/graph';
import type { CriterionOptions } from '../../../../src/core/criteria/criterion';
import { unattended } from '../../../../src/core/progress';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { scorerOf } from '../../../../src/engines/scoring/scorers';
import type { ScoringRun } from '../../../../src/engines/scoring/scoringRun';
import { loadData } from '../../../../src/node/data/loadData';
import { executableGraph } from '../../../../src/engines/runnableGraph';
import { assertClose } from '../../../helpers/assertClose';
import { fixturePath } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import type { Criterion } from '../../../../src/core/criteria/criterion';

const TENSORS = ['fc3.weight'];

const DATA = {
  file: fixturePath('datasets/digits.npz'),
  split: 'train',
  rows: [0, 10],
  scale: 1 / 16,
  loss: 'ce-logits',
} as const;

/** @param fixedSize of the batches that the network takes; null: any */
async function scores(
  t: TestContext,
  criterion: Criterion,
  options: CriterionOptions,
  { batchSize, fixedSize }: Pick<ScoringRun, 'batchSize' | 'fixedSize'>,
): Promise<Float64Array> {
  const { model: opened } = await openFixture(t, 'onnx/digits_mlp_legacy.onnx');
  const free = executableGraph(opened);
  const inputs = free.inputs.map((input) => ({ ...input, shape: [fixedSize ?? -1, 64] }));
  const graph: Graph = { ...free, inputs };
  const model = { ...opened, graph };
  // As a file of one batch size has it.
  Reflect.deleteProperty(model, 'lowerGraph');
  const dataset = await loadData(DATA, free, undefined, unattended);
  const executor = await createTfjsExecutor(model, []);
  t.after(async () => {
    executor.dispose();
    await dataset.close();
  });
  const run: ScoringRun = {
    request: {
      ...{ path: '', architecture: null, cuts: [], criterion, options, tensors: TENSORS },
      ...{ data: DATA, seed: 3 },
    },
    ...{ model, graph, executor, dataset, batchSize, fixedSize, control: unattended },
    tensors: model.tensors.filter(({ name }) => TENSORS.includes(name)),
    note: (text) => assert.fail(text),
  };
  for await (const { values } of scorerOf(criterion)(run)) return Float64Array.from(values);
  return assert.fail('nothing was scored');
}

const ANY = { batchSize: 10, fixedSize: null };

const CASES: readonly (readonly [Criterion, CriterionOptions])[] = [
  ['gradient', {}],
  ['taylor', { of: 'activations' }],
  ['fisher', {}],
  ['output-sensitivity', {}],
  ['grasp', {}],
  ['obd', { hessian: 'gauss-newton' }],
];

for (const [criterion, options] of CASES) {
  test(`scores by ${criterion} alike whatever the batch size, and where the network takes one only`, async (t) => {
    const whole = await scores(t, criterion, options, ANY);
    assert.ok(whole.some((value) => value !== 0));
    const cut = await scores(t, criterion, options, { batchSize: 3, fixedSize: null });
    assertClose(cut, whole, 1e-4, 'batches of 3');
    const filled = await scores(t, criterion, options, { batchSize: 4, fixedSize: 4 });
    assertClose(filled, whole, 1e-4, 'batches of 4 alone');
  });
}

test('estimates second derivatives at random, closer with more vectors, the same for the same seed', async (t) => {
  const exact = await scores(t, 'obd', { hessian: 'exact' }, ANY);
  const errorOf = (found: Float64Array): number =>
    Math.hypot(...found.map((value, i) => value - exact[i]!)) / Math.hypot(...exact);
  const few = await scores(t, 'obd', { hessian: 'hutchinson', probes: 4 }, ANY);
  const many = await scores(t, 'obd', { hessian: 'hutchinson', probes: 256 }, ANY);
  const again = await scores(t, 'obd', { hessian: 'hutchinson', probes: 4 }, ANY);
  assert.deepEqual(again, few);
  assert.ok(errorOf(many) < 0.5 * errorOf(few), `${errorOf(many)} and ${errorOf(few)}`);
});

test('finds the Gauss-Newton diagonal of a cross entropy exact in the last layer, which is linear', async (t) => {
  const exact = await scores(t, 'obd', { hessian: 'exact' }, ANY);
  const gaussNewton = await scores(t, 'obd', { hessian: 'gauss-newton' }, ANY);
  assertClose(gaussNewton, exact, 1e-3, 'fc3.weight');
});
