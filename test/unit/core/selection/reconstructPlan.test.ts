import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluatedFile } from '../../../helpers/evaluatedFile';
import { fixturePath } from '../../../helpers/fixtures';
import { arraysOf, cutArrays, planOf, prunedArrays } from '../../../helpers/criteria/commands';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { Plan } from '../../../../src/core/report/plan';

const digits = { file: fixturePath('datasets/digits.npz'), scale: 1 / 16 };
const mnist = { file: fixturePath('datasets/mnist.npz'), scale: 1 / 255 };
const MLP = 'keras/digits_mlp.keras';
const LENET = 'keras/lenet5.keras';

/** The loss of a fixture on rows that no weight was updated on, with a plan's cuts. */
async function lossOf(fixture: string, plan: Plan, data: object): Promise<number> {
  const { data: unseen } = parseRecipe({ data }, fixture);
  const request = { path: fixturePath(fixture), architecture: null, data: unseen!, seed: 0 };
  const { loss } = await evaluatedFile({ ...request, cuts: plan.entries }, unattended);
  return loss;
}

function zerosOf(values: ArrayLike<number>): readonly boolean[] {
  return Array.from(values, (value) => value === 0);
}

test('a reconstruction keeps the mask of the criterion, and brings the loss down', async () => {
  const data = { ...digits, split: 'train', rows: [0, 256] };
  const method = { criterion: 'magnitude', sparsity: 0.7, data };
  const plain = await planOf(MLP, method);
  const solved = await planOf(MLP, { ...method, reconstruction: { kind: 'least-squares' } });
  const [before, after] = [
    await cutArrays(MLP, plain.entries),
    await cutArrays(MLP, solved.entries),
  ];
  for (const [i, { values }] of before.entries()) {
    assert.deepEqual(zerosOf(after[i]!.values), zerosOf(values), plain.entries[i]!.tensor);
    assert.notDeepEqual(after[i]!.values, values);
  }
  assert.equal(solved.totals.zeros, plain.totals.zeros);
  assert.equal(solved.scored?.samples, 256);
  const unseen = { ...digits, split: 'test' };
  const losses = [await lossOf(MLP, plain, unseen), await lossOf(MLP, solved, unseen)] as const;
  assert.ok(losses[1] < 0.7 * losses[0], `${losses[1]} for ${losses[0]}`);
});

test('convolutions are solved for on their unfolded patches, and the written file holds what was planned', async () => {
  const data = { ...mnist, split: 'test', rows: [0, 64] };
  const method = { scope: 'layer', sparsity: 0.7, data, only: ['conv*'] };
  const unseen = { ...mnist, split: 'test', rows: [500, 800] };
  const plain = await planOf(LENET, { ...method, criterion: 'magnitude' });
  const masked = await lossOf(LENET, plain, unseen);
  for (const criterion of ['sparsegpt', 'obs']) {
    const plan = await planOf(LENET, { ...method, criterion });
    const planned = await cutArrays(LENET, plan.entries);
    const written = await prunedArrays(LENET, { ...method, criterion });
    for (const [i, entry] of plan.entries.entries()) {
      const found = written.get(entry.tensor)!;
      assert.deepEqual(found.values, planned[i]!.values, entry.tensor);
      const zeros = zerosOf(found.values).filter(Boolean).length;
      assert.equal(zeros, entry.zerosAfter);
      assert.ok(Math.abs(zeros / entry.elementCount - 0.7) <= 0.03, `${criterion}: ${zeros}`);
    }
    const loss = await lossOf(LENET, plan, unseen);
    assert.ok(loss < masked, `${criterion}: ${loss} for ${masked}`);
  }
});

test('a global target is shared out by the scores at the start', async () => {
  const data = { ...digits, split: 'train', rows: [0, 256] };
  const plan = await planOf(MLP, { criterion: 'obs', sparsity: 0.6, data });
  const shares = plan.entries.map(({ zerosAfter, elementCount }) => zerosAfter / elementCount);
  assert.ok(Math.max(...shares) - Math.min(...shares) > 0.05, 'layers differ in what they lose');
  assert.ok(Math.abs(plan.totals.sparsity - 0.6) <= 0.01, `${plan.totals.sparsity}`);
  for (const { cut } of plan.entries) assert.equal(cut.threshold, null);
});

test('sparsegpt keeps two of every four inputs of each output, and updates them', async () => {
  const data = { ...digits, split: 'train', rows: [0, 256] };
  const plan = await planOf(MLP, { criterion: 'sparsegpt', granularity: '2:4', data });
  const original = await arraysOf(fixturePath(MLP));
  const found = await cutArrays(MLP, plan.entries);
  for (const [i, { shape, values }] of found.entries()) {
    // A kernel of Keras is [inputs, outputs].
    const [inputs = 0, outputs = 0] = shape;
    for (let output = 0; output < outputs; output++) {
      for (let input = 0; input < inputs; input += 4) {
        const group = [0, 1, 2, 3].map((k) => values[(input + k) * outputs + output]);
        assert.equal(zerosOf(group as number[]).filter(Boolean).length, 2);
      }
    }
    assert.ok(
      values.some(
        (value, at) => value !== 0 && value !== original.get(plan.entries[i]!.tensor)!.values[at],
      ),
    );
  }
});

test('sparsegpt takes no more groups than N:M itself: none that do not divide, none above a threshold', async () => {
  const data = { ...digits, split: 'train', rows: [0, 256] };
  const whole = await planOf(MLP, { criterion: 'sparsegpt', granularity: '2:3', data });
  assert.equal(whole.warnings.filter((line) => line.includes('stays dense')).length, 3);
  const own = await arraysOf(fixturePath(MLP));
  const left = await cutArrays(MLP, whole.entries);
  for (const [i, { values }] of left.entries()) {
    const { tensor, zerosAfter } = whole.entries[i]!;
    assert.deepEqual(values, own.get(tensor)!.values, tensor);
    assert.equal(zerosAfter, 0);
  }
  const some = { criterion: 'sparsegpt', granularity: '2:4', data };
  const all = await planOf(MLP, some);
  const few = await planOf(MLP, { ...some, threshold: 1e-3 });
  assert.ok(few.totals.zeros > 0 && few.totals.zeros < all.totals.zeros, `${few.totals.zeros}`);
});

test('units that are taken stay taken, and their layer’s other weights change no output', async () => {
  const data = { ...digits, split: 'train', rows: [0, 128] };
  const method = { criterion: 'l2-norm', scope: 'layer', sparsity: 0.5, only: ['dense'], data };
  const names = (await planOf(MLP, { sparsity: 0.5 })).entries.map(({ layer }) => layer);
  const only = names.slice(0, 1);
  const plain = await planOf(MLP, { ...method, only });
  const solved = await planOf(MLP, {
    ...method,
    only,
    reconstruction: { kind: 'least-squares' },
  });
  const [before, after] = [
    await cutArrays(MLP, plain.entries),
    await cutArrays(MLP, solved.entries),
  ];
  before[0]!.values.forEach((value, i) => {
    assert.ok(Math.abs(value - after[0]!.values[i]!) <= 1e-6, 'a whole output is left as it is');
  });
});

test('both kernels of a recurrent layer are updated on what they meet', async () => {
  const fixture = 'keras/lstm.keras';
  const data = { file: fixturePath('datasets/waves.npz'), split: 'train', rows: [0, 64] };
  const method = { criterion: 'sparsegpt', scope: 'layer', sparsity: 0.5, data };
  const plan = await planOf(fixture, method);
  const original = await arraysOf(fixturePath(fixture));
  for (const [i, { shape, values }] of (await cutArrays(fixture, plan.entries)).entries()) {
    const { tensor, zerosAfter, elementCount } = plan.entries[i]!;
    assert.ok(Math.abs(zerosAfter / elementCount - 0.5) < 0.1, `${zerosAfter} of ${elementCount}`);
    const before = original.get(tensor)!.values;
    const changed = values.filter((value, at) => value !== 0 && value !== before[at]).length;
    // With a single input nothing is left that could make up for it.
    assert.equal(changed > elementCount / 4, shape[0]! > 1, tensor);
  }
  assert.deepEqual(plan.scored?.notes, []);
});

test('without data a reconstruction is refused', async () => {
  await assert.rejects(
    planOf(MLP, { sparsity: 0.5, reconstruction: { kind: 'least-squares' } }),
    /looks at what the network does on data/,
  );
});
