import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULT_RECIPE } from '../../../src/core/recipe/parseRecipe';
import { shellCommand } from '../../../src/host/recipe/shellCommand';

const files = { model: 'net.npz', output: 'net.pruned.npz', recipe: 'net.prune.json' };

test('what options can say is said by options', () => {
  const recipe = { ...DEFAULT_RECIPE, lock: ['conv1'], exclude: ['fc*'], seed: 3 };
  assert.equal(
    shellCommand(recipe, files),
    "secateur prune net.npz -o net.pruned.npz --criterion magnitude --granularity weight --scope global --sparsity 0.5 --exclude 'fc*' --exclude conv1 --seed 3",
  );
});

test('settings of single layers need the recipe', () => {
  const recipe = { ...DEFAULT_RECIPE, layers: { conv1: { sparsity: 0.1 } } };
  assert.equal(
    shellCommand(recipe, files),
    'secateur prune net.npz -o net.pruned.npz --recipe net.prune.json',
  );
});

test('names that options would take apart, or for a pattern, need the recipe', () => {
  for (const fields of [{ only: ['a,b'] }, { lock: ['a*'] }]) {
    assert.match(
      shellCommand({ ...DEFAULT_RECIPE, ...fields }, files),
      /--recipe net\.prune\.json$/,
    );
  }
});

test('words that a shell would take apart are quoted', () => {
  const command = shellCommand(DEFAULT_RECIPE, { ...files, model: "it's here.npz" });
  assert.ok(command.startsWith(String.raw`secateur prune 'it'\''s here.npz' -o`));
});

test('the method’s options are those of the command line', () => {
  const recipe = {
    ...DEFAULT_RECIPE,
    criterion: 'l2-norm',
    granularity: 'unit',
    allocation: 'erk',
    maxLayerSparsity: 0.9,
    schedule: { kind: 'agp', steps: 10 },
  } as const;
  assert.match(
    shellCommand(recipe, files),
    /--criterion l2-norm --granularity unit --scope global --allocation erk --max-layer-sparsity 0\.9 --schedule agp:10 --sparsity 0\.5$/,
  );
});

test('scores on data and masks need the recipe, which names their files', () => {
  for (const fields of [{ criterion: 'taylor' }, { mask: '/m.npz' }] as const) {
    assert.match(
      shellCommand({ ...DEFAULT_RECIPE, ...fields }, files),
      /--recipe net\.prune\.json$/,
    );
  }
});
