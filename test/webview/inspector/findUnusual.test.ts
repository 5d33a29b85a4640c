import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorFigures } from '../../../src/protocol/hostInspector';
import type { LayerView } from '../../../src/protocol/views';
import { findUnusual } from '../../../webview/inspector/unusual/findUnusual';
import { seededRandom } from '../../helpers/random';
import { figuresOf, layerOf, modelOf, tensorView } from './inspectorFixtures';

const weight = tensorView('fc.weight', [64, 256]);
const bias = tensorView('fc.bias', [64]);

function unusual(
  figures: readonly TensorFigures[],
  layers: readonly LayerView[] = [],
): readonly { readonly kind: string; readonly tensor: number }[] {
  const known = new Map(figures.map((entry) => [entry.tensor, entry]));
  const found = findUnusual(modelOf([weight, bias], layers), known, null);
  return found.map(({ kind, tensor }) => ({ kind, tensor }));
}

test('ordinary tensors are not unusual', () => {
  assert.deepEqual(unusual([figuresOf(0), figuresOf(1)]), []);
});

test('NaN and infinite values are', () => {
  assert.deepEqual(unusual([figuresOf(0, { nonFinite: 3 })]), [{ kind: 'nonFinite', tensor: 0 }]);
});

test('one value throughout is told once, not as dead units too', () => {
  const constantUnits = { unitCount: 64, zero: 64, constant: 64, examples: [0] };
  const zeros = figuresOf(0, { min: 0, max: 0, constantUnits });
  assert.deepEqual(unusual([zeros]), [{ kind: 'constant', tensor: 0 }]);
  const some = figuresOf(0, { constantUnits: { ...constantUnits, zero: 2, constant: 2 } });
  assert.deepEqual(unusual([some]), [{ kind: 'deadUnits', tensor: 0 }]);
});

test('a scalar is always one value', () => {
  const scalar = tensorView('steps', []);
  const known = new Map([[0, figuresOf(0, { min: 7, max: 7 })]]);
  assert.deepEqual(findUnusual(modelOf([scalar]), known, null), []);
});

test('equal tensors name the first of them', () => {
  const groups = [{ tensors: [1, 0], shared: false }];
  const found = findUnusual(modelOf([weight, bias]), new Map(), groups);
  assert.deepEqual(found, [{ kind: 'copy', tensor: 0, of: 1 }]);
});

const FC = layerOf('fc', [weight, bias], { unitAxis: 0, unitCount: 64, operator: 'dense' });

/** Figures of random values in ±bound, drawn as `draw` says of a uniform number in ±1. */
function drawn(tensor: number, bound: number, draw = (x: number): number => x): TensorFigures {
  const random = seededRandom(5);
  const count = 64 * 256;
  const values = Float64Array.from({ length: count }, () => bound * draw(2 * random() - 1));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const counts = new Array<number>(52).fill(0);
  for (const value of values) {
    const bin = Math.min(51, Math.floor(((value + bound) / (2 * bound)) * 52));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const bars = { from: -bound, to: bound, counts, zeros: 0 };
  return figuresOf(tensor, { min: Math.min(...values), max: Math.max(...values), mean, std, bars });
}

const zeroBias = figuresOf(1, { min: 0, max: 0 });

test('a kernel uniform up to the bound of Glorot or He, with a bias of zeros, looks untrained', () => {
  for (const bound of [Math.sqrt(6 / (64 + 256)), Math.sqrt(6 / 256)]) {
    const found = unusual([drawn(0, bound), zeroBias], [FC]);
    assert.deepEqual(
      found.filter(({ kind }) => kind === 'fresh'),
      [{ kind: 'fresh', tensor: 0 }],
    );
  }
});

test('so does PyTorch’s default with a bias within the same bound', () => {
  const bound = Math.sqrt(1 / 256);
  const smallBias = figuresOf(1, { min: -0.99 * bound, max: 0.98 * bound });
  assert.deepEqual(unusual([drawn(0, bound), smallBias], [FC]), [{ kind: 'fresh', tensor: 0 }]);
});

test('another bound, another shape, or a bias that moved does not', () => {
  const bound = Math.sqrt(6 / (64 + 256));
  const isFresh = (figures: readonly TensorFigures[]): boolean =>
    unusual(figures, [FC]).some(({ kind }) => kind === 'fresh');
  assert.equal(isFresh([drawn(0, bound * 1.1), zeroBias]), false);
  assert.equal(isFresh([drawn(0, bound, (x) => x ** 3), zeroBias]), false);
  assert.equal(isFresh([drawn(0, bound), figuresOf(1, { min: -0.1, max: 0.2 })]), false);
});

test('normalisation at scale 1, shift 0, mean 0 and variance 1 looks untrained', () => {
  const names = ['bn.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var'];
  const tensors = names.map((name) => tensorView(name, [8]));
  const layer = layerOf('bn', tensors, { operator: 'normalization', weight: null });
  const values = [1, 0, 0, 1];
  const figures = values.map((value, i) => figuresOf(i, { min: value, max: value }));
  const find = (known: readonly TensorFigures[]): boolean =>
    findUnusual(
      modelOf(tensors, [layer]),
      new Map(known.map((entry) => [entry.tensor, entry])),
      null,
    ).some(({ kind }) => kind === 'fresh');
  assert.equal(find(figures), true);
  assert.equal(find(figures.with(2, figuresOf(2, { min: -0.1, max: 0.1 }))), false);
});
