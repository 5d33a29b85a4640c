// Checkpoints of torch.nn.utils.prune before `remove`: `weight_orig` beside `weight_mask` (torch 2.13.0).
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Model } from '../../../../../src/core/model/model';
import { readTensorValues } from '../../../../../src/core/model/readTensor';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { convertToSafetensors } from '../../../../../src/node/convertToSafetensors';
import { secateur } from '../../../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../../../helpers/fixtures';
import { openForTest } from '../../../../helpers/modelFixtures';

const FIXTURE = fixturePath('pytorch/digits_mlp_pruned_orig_mask.pt');

async function valuesOf(model: Model, name: string): Promise<ArrayLike<number>> {
  return readTensorValues(
    model,
    model.tensors.find((one) => one.name === name)!,
  );
}

/** The fixture as it is, and as safetensors. */
async function checkpoints(t: TestContext): Promise<readonly string[]> {
  const safetensors = path.join(await temporaryFolder(t), 'masked.safetensors');
  const options = { replace: false, includeOptimizer: false };
  await convertToSafetensors(FIXTURE, safetensors, options, {
    ...unattended,
    signal: new AbortController().signal,
  });
  return [FIXTURE, safetensors];
}

test('what a mask hides counts as zero before anything is pruned', async (t) => {
  for (const file of await checkpoints(t)) {
    const { model } = await openForTest(t, file);
    const plan = await planPrune(model, parseRecipe({ sparsity: 0 }, 'test'), unattended);
    const counts = plan.entries.map(({ layer, zerosBefore, zerosAfter }) => [
      layer,
      zerosBefore,
      zerosAfter,
    ]);
    assert.deepEqual(counts, [
      ['fc1', 2048, 2048],
      ['fc2', 3277, 3277],
      ['fc3', 0, 0],
    ]);
  }
});

test('pruning goes on in the mask, keeps what it hid, and leaves the weights beside it', async (t) => {
  for (const file of await checkpoints(t)) {
    const output = path.join(await temporaryFolder(t), path.basename(file));
    const run = await secateur('prune', file, '-o', output, '--sparsity', '0.9', '--json');
    assert.equal(run.exitCode, 0, run.stderr);
    const report = JSON.parse(run.stdout) as { layers: { zerosAfter: number }[] };
    const { model: before } = await openForTest(t, file);
    const { model: after } = await openForTest(t, output);
    for (const [i, layer] of ['fc1', 'fc2'].entries()) {
      assert.deepEqual(
        await valuesOf(after, `${layer}.weight_orig`),
        await valuesOf(before, `${layer}.weight_orig`),
      );
      const old = await valuesOf(before, `${layer}.weight_mask`);
      const now = await valuesOf(after, `${layer}.weight_mask`);
      let zeros = 0;
      for (let at = 0; at < now.length; at++) {
        assert.ok(now[at] === 0 || now[at] === 1);
        assert.ok(now[at]! <= old[at]!, 'what was hidden stays hidden');
        if (now[at] === 0) zeros++;
      }
      assert.equal(zeros, report.layers[i]!.zerosAfter);
    }
    const total = report.layers.reduce((sum, { zerosAfter }) => sum + zerosAfter, 0);
    assert.equal(total, Math.round(0.9 * 8832));
  }
});

test('units of a masked layer are hidden by its mask, with their bias at zero', async (t) => {
  const output = path.join(await temporaryFolder(t), 'units.pt');
  const options = ['--granularity', 'unit', '--sparsity', '0.25', '--scope', 'layer'];
  const run = await secateur('prune', FIXTURE, '-o', output, '--layers', 'fc1', ...options);
  assert.equal(run.exitCode, 0, run.stderr);
  const { model } = await openForTest(t, output);
  const mask = Array.from(await valuesOf(model, 'fc1.weight_mask'));
  const bias = Array.from(await valuesOf(model, 'fc1.bias'));
  const rows = bias.map((_, unit) => mask.slice(64 * unit, 64 * unit + 64));
  const gone = rows.map((row) => row.every((kept) => kept === 0));
  assert.ok(gone.filter(Boolean).length >= 16);
  assert.deepEqual(
    gone.map((goes, unit) => goes && bias[unit] !== 0),
    gone.map(() => false),
  );
});
