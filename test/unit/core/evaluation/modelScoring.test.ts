import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../src/core/errors';
import { type Dataset, firstSamples, type Targets } from '../../../../src/core/evaluation/dataset';
import { ModelComparison } from '../../../../src/core/evaluation/modelComparison';
import { ModelScoring } from '../../../../src/core/evaluation/modelScoring';
import type { Graph } from '../../../../src/core/graph/graph';

const graph: Graph = {
  inputs: [],
  outputs: [
    { value: 'a', name: 'class' },
    { value: 'b', name: 'price' },
  ],
  parameters: [],
  constants: [],
  nodes: [],
};

const column = (name: string, values: readonly number[]): Targets => ({
  kind: 'column',
  name,
  values: Float64Array.from(values),
  classNames: null,
});

function datasetOf(targets: readonly (Targets | null)[]): Dataset {
  return {
    name: 'd.npz',
    sampleCount: 2,
    sampleShapes: [],
    targets,
    readBatch: () =>
      Promise.resolve({ inputs: [], targets: targets.map(() => new Float64Array(0)) }),
    close: () => Promise.resolve(),
  };
}

const labelled = datasetOf([column('kind', [0, 1]), column('price', [1.5, 3])]);
const batch = { inputs: [], targets: [new Float64Array(0), new Float64Array(0)] };
const outputs = [
  { shape: [2, 2], values: Float32Array.of(2, 1, 2, 1) },
  { shape: [2, 1], values: Float32Array.of(1.5, 2) },
];

function scored(dataset: Dataset, given = outputs): ModelScoring {
  const scoring = new ModelScoring(graph, dataset, { folds: null, seed: 0 });
  scoring.add(0, given, batch, 2);
  return scoring;
}

test('each labelled output has figures of its own, by name, and the first stands for the model', () => {
  const found = scored(labelled).evaluation('engine');
  assert.equal(found?.accuracy, 0.5);
  assert.deepEqual(
    found.outputs?.map(({ name, accuracy, mae }) => [name, accuracy, mae]),
    [
      ['class', 0.5, undefined],
      ['price', undefined, 0.5],
    ],
  );
});

test('an output without labels is left out, and the next one stands for the model', () => {
  const found = scored(datasetOf([null, column('price', [1.5, 3])])).evaluation('engine');
  assert.equal(found?.mae, 0.5);
  assert.equal(found.accuracy, undefined);
  assert.equal(found.outputs, undefined);
});

test('labels for more outputs than there are are refused with both numbers', () => {
  const [first = null] = labelled.targets;
  const choice = { folds: null, seed: 0 };
  assert.throws(
    () => new ModelScoring(graph, datasetOf([first, first, first]), choice),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /3 outputs.*has 2: class, price/);
      return true;
    },
  );
});

test('two models are compared output by output', () => {
  const other = [
    { shape: [2, 2], values: Float32Array.of(2, 1, 1, 2) },
    { shape: [2, 1], values: Float32Array.of(1.5, 3) },
  ];
  const comparison = new ModelComparison(scored(labelled), scored(labelled, other));
  comparison.add(outputs, other, 2);
  const found = comparison.result({
    samples: 2,
    seed: 0,
    names: ['class', 'price'],
    engines: { before: 'x', after: 'y' },
  });
  const [first, second] = found.comparison.outputs ?? [];
  assert.deepEqual([first?.name, second?.name], ['class', 'price']);
  assert.equal(first?.agreement?.top1, 0.5);
  assert.equal(found.comparison.differences[0]?.difference, 0.5);
  const error = second?.differences.find(({ measure }) => measure === 'mae');
  assert.equal(error?.difference, -0.5);
});

test('the first samples are a data set with labels as many', () => {
  const first = firstSamples(labelled, 1);
  assert.equal(first.sampleCount, 1);
  const [targets] = first.targets;
  assert.equal(targets?.kind === 'column' && targets.values.length, 1);
});
