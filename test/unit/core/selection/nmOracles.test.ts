// Masks of 2:4 sparsity by magnitude: NumPy's stable argsort in groups of four (rule `conv_in_channels` for
// convolutions, `rows_flat` for dense layers).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Model } from '../../../../src/core/model/model';
import { readTensorValues } from '../../../../src/core/model/readTensor';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { PlanEntry } from '../../../../src/core/report/plan';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';

interface NmMaskOracle {
  readonly size: number;
  readonly pruned: number;
  readonly mask_sha256: string;
}

interface NmOracle {
  readonly rows_flat?: NmMaskOracle;
  readonly conv_in_channels?: NmMaskOracle;
}

interface Fixture {
  readonly oracle: string;
  readonly file: string;
  readonly nameOf?: (entry: PlanEntry) => string;
  /** The file holds [in, out] where the oracle has masks of [out, in]. */
  readonly transposed?: true;
}

const IRIS: Readonly<Record<string, string>> = { W1: 'fc1', W2: 'fc2' };
const byTensor = ({ tensor }: PlanEntry): string => tensor.replace(/\.weight$/, '');

const FIXTURES: readonly Fixture[] = [
  { oracle: 'digits_mlp', file: 'pytorch/digits_mlp_state.pt' },
  { oracle: 'digits_mlp', file: 'onnx/digits_mlp_legacy.onnx', nameOf: byTensor },
  {
    oracle: 'iris_mlp',
    file: 'numpy/iris_mlp.npz',
    nameOf: ({ tensor }) => IRIS[tensor] ?? tensor,
    transposed: true,
  },
  {
    oracle: 'iris_mlp',
    file: 'numpy/iris_mlp_compressed.npz',
    nameOf: ({ tensor }) => IRIS[tensor] ?? tensor,
    transposed: true,
  },
  { oracle: 'lenet5', file: 'pytorch/lenet5_state.pth' },
  { oracle: 'lenet5', file: 'safetensors/lenet5_sharded' },
  { oracle: 'lenet5', file: 'onnx/lenet5_external.onnx', nameOf: byTensor },
  { oracle: 'resnet', file: 'pytorch/resnet_state.pt' },
  { oracle: 'resnet', file: 'onnx/resnet_bn_unfolded.onnx', nameOf: byTensor },
  { oracle: 'mobilenet', file: 'pytorch/mobilenet_state.pt' },
  { oracle: 'densenet', file: 'pytorch/densenet_state.pt' },
];

async function maskDigest(model: Model, entry: PlanEntry, transposed: boolean): Promise<string> {
  const tensor = model.tensors.find(({ name }) => name === entry.tensor)!;
  const values = await readTensorValues(model, tensor, entry.cut);
  const mask = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  const [rows = 0, columns = 0] = tensor.shape;
  const bytes = transposed
    ? mask.map((_, i) => mask[(i % rows) * columns + Math.floor(i / rows)]!)
    : mask;
  return createHash('sha256').update(bytes).digest('hex');
}

for (const {
  oracle,
  file,
  nameOf = ({ layer }: PlanEntry) => layer,
  transposed = false,
} of FIXTURES) {
  test(`2:4 of ${file} masks the weights that the oracle ${oracle} has`, async (t) => {
    const { model } = await openFixture(t, file);
    const { nm24 } = (await readOracle(`pruning/${oracle}`)) as { nm24: Record<string, NmOracle> };
    const plan = await planPrune(model, parseRecipe({ granularity: '2:4' }, 'test'), unattended);
    const found = new Map(plan.entries.map((entry) => [nameOf(entry), entry]));
    const masked = new Set<string>();
    for (const [layer, masks] of Object.entries(nm24)) {
      const entry = found.get(layer);
      const rank = model.tensors.find(({ name }) => name === entry?.tensor)?.shape.length;
      const expected = rank === 2 ? masks.rows_flat : masks.conv_in_channels;
      if (typeof masks === 'string' || entry === undefined || expected === undefined) continue;
      masked.add(layer);
      assert.equal(entry.elementCount, expected.size, layer);
      assert.equal(entry.zerosAfter, expected.pruned, layer);
      assert.equal(entry.threshold, null, `${layer}: a pattern has no threshold`);
      assert.equal(await maskDigest(model, entry, transposed), expected.mask_sha256, layer);
    }
    assert.ok(masked.size >= 2, 'the oracle has masks');
    for (const [layer, entry] of found) {
      if (!masked.has(layer))
        assert.equal(entry.zerosAfter, entry.zerosBefore, `${layer} is dense`);
    }
    const dense = [...found.keys()].filter((layer) => !masked.has(layer));
    assert.equal(plan.warnings.filter((one) => one.includes('stays dense')).length, dense.length);
  });
}
