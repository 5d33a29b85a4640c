import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_RECIPE, parseRecipe } from '../../../../src/core/recipe/parseRecipe';

const parse = (value: unknown) => parseRecipe(value, 'a.prune.json');

test('an empty recipe is the default plan', () => {
  assert.deepEqual(parse({}), DEFAULT_RECIPE);
});

test('a recipe read again from its own JSON is the same recipe', () => {
  const recipe = parse({
    model: 'm.npz',
    output: 'o.npz',
    scope: 'layer',
    threshold: 0.25,
    unitThreshold: 1,
    exclude: 'fc*',
    lock: ['a'],
    layers: { b: { sparsity: 0.5, unitThreshold: null }, c: { threshold: 2 } },
    data: {
      file: 'd.csv',
      labels: '4',
      rows: '10:-5',
      divideBy: 255,
      folds: 5,
      classNames: ['x', 'y'],
    },
    architecture: { axisOrder: 'out-in', layers: [{ kernel: 'w', activation: 'relu' }] },
    bounds: { accuracyDrop: 0.01 },
  });
  assert.deepEqual(parse(JSON.parse(JSON.stringify(recipe))), recipe);
  assert.deepEqual(recipe.exclude, ['fc*']);
  assert.deepEqual(recipe.data?.rows, [10, -5]);
  assert.equal(recipe.data.scale, 1 / 255);
});

const WRONG: readonly (readonly [object | string, RegExp])[] = [
  ['[]', /a\.prune\.json: found \[\]; allowed: a JSON object/],
  [{ sparcity: 0.5 }, /the field "sparcity"; allowed: .*sparsity/],
  [{ sparsity: -0.1 }, /sparsity: found -0\.1; allowed: a number from 0 to 1/],
  [{ sparsity: '50 %' }, /sparsity: found "50 %"/],
  [{ sparsity: 0.5, threshold: 1 }, /both sparsity and threshold are set; allowed: one of them/],
  [{ criterion: 'luck' }, /criterion: found "luck"; allowed: "magnitude"/],
  [{ seed: 1.5 }, /seed: found 1\.5; allowed: a whole number/],
  [{ layers: { fc1: 0.5 } }, /layers\["fc1"\]: found 0\.5; allowed: a JSON object/],
  [{ layers: { fc1: { sparsity: 2 } } }, /layers\["fc1"\]: sparsity: found 2/],
  [{ data: {} }, /data: file: found nothing; allowed: the path/],
  [{ data: { file: 'x', folds: 1 } }, /data: folds: found 1; allowed: a number from 2/],
  [{ data: { file: 'x', rows: '5' } }, /rows: found "5"; allowed: A:B/],
  [{ data: { file: 'x', scale: 2, divideBy: 2 } }, /divideBy/],
  [{ architecture: { layers: [] } }, /architecture: axisOrder: found nothing/],
  [{ architecture: { axisOrder: 'in-out', layers: [{}] } }, /layers\[0\]: kernel: found nothing/],
];

for (const [value, message] of WRONG) {
  test(`${JSON.stringify(value)} is refused with what is allowed`, () => {
    const given: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    assert.throws(() => parse(given), { name: 'UsageError', message });
  });
}

test('a layer named like a property of Object.prototype is only a name', () => {
  const layers = JSON.parse('{"__proto__": {"sparsity": 0.5}}') as object;
  const recipe = parse({ layers });
  assert.deepEqual(Object.keys(recipe.layers), ['__proto__']);
  assert.equal(({} as Record<string, unknown>)['sparsity'], undefined);
});
