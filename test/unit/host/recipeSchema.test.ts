import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import {
  CRITERIA,
  ENTROPY_FORMS,
  SIGNED_ORDERS,
  HESSIAN_SOURCES,
  SENSITIVITY_FORMS,
  TAYLOR_SUBJECTS,
  UNIT_REDUCTIONS,
} from '../../../src/core/criteria/criterion';
import { DEFAULT_RECIPE, parseRecipe } from '../../../src/core/recipe/parseRecipe';
import { ALLOCATIONS, SCHEDULE_KINDS } from '../../../src/core/recipe/recipe';
import { parseGranularity } from '../../../src/core/selection/granularity';
import { projectRoot } from '../../helpers/fixtures';

interface Schema {
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

async function readFields(): Promise<Readonly<Record<string, Schema>>> {
  const text = await readFile(path.join(projectRoot, 'media/recipe.schema.json'), 'utf8');
  return (JSON.parse(text) as Schema).properties ?? {};
}

/** A value that the reader takes for a field of each kind that a recipe knows. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  $schema: 'x',
  model: 'm.onnx',
  output: 'o.onnx',
  criterion: 'taylor',
  options: { reduction: 'mean' },
  granularity: '2:4',
  scope: 'layer',
  allocation: 'erk',
  maxLayerSparsity: 0.9,
  sparsity: 0.5,
  threshold: 0.1,
  stdFactor: 1,
  macs: 0.5,
  maxBytes: 1000,
  unitThreshold: 0.1,
  schedule: { kind: 'agp', steps: 3 },
  reconstruction: { kind: 'least-squares' },
  mask: 'm.npz',
  seed: 1,
  only: ['a'],
  exclude: ['a'],
  lock: ['a'],
  layers: { a: { sparsity: 0.1 } },
  layout: 'torch',
  data: { file: 'd.npz' },
  calibration: { file: 'd.npz' },
  bounds: { accuracyDrop: 0.1 },
};

test('the recipe’s reader takes every field that the schema offers, and refuses others', async () => {
  const names = Object.keys(await readFields()).filter((name) => name !== 'architecture');
  assert.deepEqual(names.sort(), Object.keys(EXAMPLES).sort());
  for (const name of names) parseRecipe({ [name]: EXAMPLES[name] }, 'test');
  assert.throws(() => parseRecipe({ other: 1 }, 'test'), /other/);
});

test('the schema offers every field that a recipe has by default, and every name of a list', async () => {
  const fields = await readFields();
  for (const name of Object.keys(DEFAULT_RECIPE)) assert.ok(name in fields, name);
  assert.deepEqual(fields['criterion']?.enum, CRITERIA);
  assert.deepEqual(fields['allocation']?.enum, ALLOCATIONS);
  assert.deepEqual(fields['schedule']?.properties?.['kind']?.enum, SCHEDULE_KINDS);
});

test('the schema takes the granularities that the reader takes', async () => {
  const pattern = new RegExp((await readFields())['granularity']?.pattern ?? '');
  for (const text of ['weight', 'unit', 'unit:input', 'head', '2:4', '15:16', 'block:4x4']) {
    assert.ok(parseGranularity(text) !== null && pattern.test(text), text);
  }
  for (const text of ['', 'units', '0:4', '2:17', 'block:0x4', 'block:4']) {
    assert.ok(parseGranularity(text) === null && !pattern.test(text), text);
  }
});

test('the schema offers every option of a criterion with all of its forms', async () => {
  const { options } = await readFields();
  const forms = (name: string) => options?.properties?.[name]?.enum;
  assert.deepEqual(forms('reduction'), UNIT_REDUCTIONS);
  assert.deepEqual(forms('entropy'), ENTROPY_FORMS);
  assert.deepEqual(forms('of'), TAYLOR_SUBJECTS);
  assert.deepEqual(forms('sensitivity'), SENSITIVITY_FORMS);
  assert.deepEqual(forms('hessian'), HESSIAN_SOURCES);
  assert.deepEqual(forms('order'), SIGNED_ORDERS);
  const numbers = { probes: 8, damping: 0.1, blockSize: 64, sigma: 0.2 };
  const chosen = { reduction: 'mean', entropy: 'active', of: 'weights', hessian: 'exact' };
  const example = {
    ...chosen,
    ...numbers,
    sensitivity: 'derivative',
    extent: 'layer',
    order: 'lowest-first',
  };
  assert.deepEqual(Object.keys(options?.properties ?? {}).sort(), Object.keys(example).sort());
  assert.deepEqual(parseRecipe({ options: example }, 'test').options, example);
});
