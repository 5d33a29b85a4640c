import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import { methodFromOptions } from '../../../src/cli/methodFromOptions';

test('schedules and reconstructions are a kind, with a number behind or none', () => {
  const method = (values: object): object => methodFromOptions({ ...values }, DEFAULT_RECIPE);
  assert.deepEqual(method({ schedule: 'agp:5' }), { schedule: { kind: 'agp', steps: 5 } });
  assert.deepEqual(method({ schedule: 'agp' }), { schedule: { kind: 'agp' } });
  assert.deepEqual(method({ reconstruct: 'least-squares:0.01' }), {
    reconstruction: { kind: 'least-squares', damping: 0.01 },
  });
  assert.throws(() => method({ schedule: 'agp:5:7' }), /--schedule: found "agp:5:7"; allowed/);
  assert.throws(() => method({ reconstruct: 'least-squares:1:2' }), /--reconstruct: found/);
});
