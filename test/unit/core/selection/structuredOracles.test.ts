// Which units torch.nn.utils.prune.ln_structured (torch 2.13.0) takes, by L1 and L2 norm, at 25 and 50 %.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../../src/core/model/model';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import type { PlanEntry } from '../../../../src/core/report/plan';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { readOracle } from '../../../helpers/fixtures';
import { openFixture } from '../../../helpers/modelFixtures';
import { NORMS, type StructuredCase, structuredCases } from '../../../helpers/structuredOracle';

interface Fixture {
  readonly oracle: string;
  readonly file: string;
  /** The oracle's name of a layer. */
  readonly nameOf?: (entry: PlanEntry) => string;
}

const IRIS: Readonly<Record<string, string>> = { W1: 'fc1', W2: 'fc2' };
/** An ONNX export calls a layer by its path (`/fc1/Gemm`), its weight as the state dict does. */
const byTensor = ({ tensor }: PlanEntry): string => tensor.replace(/\.weight$/, '');

const FIXTURES: readonly Fixture[] = [
  { oracle: 'digits_mlp', file: 'pytorch/digits_mlp_state.pt' },
  { oracle: 'digits_mlp', file: 'safetensors/digits_mlp_f32.safetensors' },
  { oracle: 'digits_mlp', file: 'onnx/digits_mlp_legacy.onnx', nameOf: byTensor },
  { oracle: 'digits_mlp', file: 'onnx/digits_mlp_dynamo.onnx', nameOf: byTensor },
  {
    oracle: 'iris_mlp',
    file: 'numpy/iris_mlp.npz',
    nameOf: ({ tensor }) => IRIS[tensor] ?? tensor,
  },
  { oracle: 'lenet5', file: 'pytorch/lenet5_state.pth' },
  { oracle: 'lenet5', file: 'safetensors/lenet5_sharded' },
  { oracle: 'lenet5', file: 'onnx/lenet5_legacy.onnx', nameOf: byTensor },
  { oracle: 'resnet', file: 'pytorch/resnet_state.pt' },
  { oracle: 'resnet', file: 'onnx/resnet_bn_unfolded.onnx', nameOf: byTensor },
  { oracle: 'mobilenet', file: 'pytorch/mobilenet_state.pt' },
  { oracle: 'mobilenet', file: 'onnx/mobilenet_bn_unfolded.onnx', nameOf: byTensor },
  { oracle: 'densenet', file: 'pytorch/densenet_state.pt' },
  { oracle: 'densenet', file: 'onnx/densenet_bn_unfolded.onnx', nameOf: byTensor },
  { oracle: 'transformer', file: 'pytorch/transformer_state.pt' },
];

async function unitsTaken(
  model: Model,
  nameOf: (entry: PlanEntry) => string,
  method: object,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const recipe = parseRecipe({ scope: 'layer', only: ['*'], ...method }, 'test');
  const { entries } = await planPrune(model, recipe, unattended);
  return new Map(entries.map((entry) => [nameOf(entry), entry.cut.zeroedUnits]));
}

function assertUnits(
  cases: readonly StructuredCase[],
  taken: ReadonlyMap<string, readonly number[]>,
  sparsity: string,
): void {
  for (const { layer, dim, norm, units } of cases) {
    const expected = units.pruned[sparsity]?.indices;
    const found = taken.get(layer);
    assert.deepEqual(found, expected, `${layer} dim${dim} ${norm} ${sparsity}`);
  }
}

for (const { oracle, file, nameOf = ({ layer }: PlanEntry) => layer } of FIXTURES) {
  test(`units of ${file} go as ln_structured takes them`, async (t) => {
    const { model } = await openFixture(t, file);
    const cases = structuredCases(await readOracle(`pruning/${oracle}`));
    assert.ok(cases.length >= 4, 'the oracle has cases');
    for (const norm of ['L1', 'L2'] as const) {
      for (const dim of [0, 1] as const) {
        const chosen = cases.filter((one) => one.norm === norm && one.dim === dim);
        const granularity = dim === 0 ? 'unit' : 'unit:input';
        for (const sparsity of ['0.25', '0.5']) {
          const asked = { granularity, sparsity: Number(sparsity) };
          const { criterion, reduction } = NORMS[norm];
          const byNorm = await unitsTaken(model, nameOf, { ...asked, criterion });
          assertUnits(chosen, byNorm, sparsity);
          const options = { reduction };
          const byMagnitude = await unitsTaken(model, nameOf, { ...asked, options });
          assertUnits(chosen, byMagnitude, sparsity);
        }
      }
    }
  });
}
