import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { ALLOCATIONS, type Recipe, SCHEDULE_KINDS } from '../../../../src/core/recipe/recipe';

const parse = (value: unknown): Recipe => parseRecipe(value, 'a.prune.json');

for (const target of [
  { sparsity: 0.5 },
  { threshold: 0.1 },
  { stdFactor: 1.5 },
  { macs: 0.3 },
  { maxBytes: 5000 },
]) {
  test(`${JSON.stringify(target)} is a target by itself`, () => {
    const { sparsity, threshold, stdFactor, macs, maxBytes } = parse(target);
    const all = { sparsity, threshold, stdFactor, macs, maxBytes };
    assert.deepEqual(JSON.parse(JSON.stringify(all)), target);
  });
}

test('allocations, a maximum for every layer and schedules are read as they are written', () => {
  for (const allocation of ALLOCATIONS) assert.equal(parse({ allocation }).allocation, allocation);
  assert.equal(parse({ maxLayerSparsity: 0.9 }).maxLayerSparsity, 0.9);
  for (const kind of SCHEDULE_KINDS) {
    assert.deepEqual(parse({ schedule: { kind, steps: 7 } }).schedule, { kind, steps: 7 });
  }
  assert.deepEqual(parse({ schedule: { kind: 'cosine' } }).schedule, { kind: 'cosine', steps: 10 });
  assert.deepEqual(parse({ schedule: {} }).schedule, { kind: 'agp', steps: 10 });
});

test('a method read again from its own JSON is the same method', () => {
  const recipe = parse({
    macs: 0.4,
    allocation: 'sensitivity',
    maxLayerSparsity: 0.95,
    schedule: { kind: 'exponential', steps: 3 },
  });
  assert.deepEqual(parse(JSON.parse(JSON.stringify(recipe))), recipe);
});

const WRONG: readonly (readonly [object, RegExp])[] = [
  [{ sparsity: 0.5, macs: 0.5 }, /both sparsity and macs are set; allowed: one of them/],
  [{ threshold: 1, stdFactor: 1, maxBytes: 9 }, /both threshold and stdFactor and maxBytes/],
  [{ macs: 1.5 }, /macs: found 1\.5; allowed: a number from 0 to 1/],
  [{ maxBytes: 0 }, /maxBytes: found 0; allowed: a number from 1/],
  [{ maxBytes: 1.5 }, /maxBytes: found 1\.5; allowed: a whole number/],
  [{ stdFactor: -1 }, /stdFactor: found -1; allowed: a number from 0/],
  [{ maxLayerSparsity: 2 }, /maxLayerSparsity: found 2; allowed: a number from 0 to 1/],
  [{ allocation: 'fair' }, /allocation: found "fair"; allowed: "uniform", "uniform-plus", "erk"/],
  [{ schedule: { kind: 'slow' } }, /schedule: kind: found "slow"; allowed: "linear", "agp"/],
  [{ schedule: { steps: 0 } }, /schedule: steps: found 0; allowed: a number from 1 to 1000/],
  [{ schedule: { steps: 1e9 } }, /schedule: steps: found 1000000000; allowed: .* to 1000/],
  [{ schedule: { speed: 2 } }, /schedule: found the field "speed"; allowed: kind, steps/],
];

for (const [value, message] of WRONG) {
  test(`${JSON.stringify(value)} is refused with what is allowed`, () => {
    assert.throws(() => parse(value), { name: 'UsageError', message });
  });
}
