// The optimal brain surgeon over a whole network, on the engine; expected numbers are NumPy's in float64.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { UnsupportedError } from '../../../../src/core/errors';
import type { ReconstructTarget } from '../../../../src/core/criteria/scoringPort';
import { unattended } from '../../../../src/core/progress';
import { reconstructFile } from '../../../../src/engines/scoring/reconstructFile';
import { assertClose } from '../../../helpers/assertClose';
import { fixturePath, readOracle, temporaryFolder } from '../../../helpers/fixtures';
import { irisBatch } from '../../../helpers/irisBatch';
import { readArrays } from '../../../helpers/npzArrays';
import { scoresOnData, type ScoredFixture } from '../../../helpers/scoredFixture';
import { irisArchitecture } from '../tfjs/modelFixtures';

const IRIS: ScoredFixture = {
  fixture: 'numpy/iris_mlp.npz',
  architecture: irisArchitecture,
  data: { file: 'datasets/iris.csv', rows: [0, 64], loss: 'mse' },
};

const OPTIONS = { extent: 'network' } as const;

/** In the oracle [out, in], in the file [in, out]. */
function transposed(values: readonly number[], rows: number): readonly number[] {
  const columns = values.length / rows;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

test('scores weights by the Hessian of the whole network, biases in it', async (t) => {
  const { obd_obs: oracle } = (await readOracle('pruning/iris_mlp')) as {
    readonly obd_obs: { readonly obs_gauss_newton: { readonly saliency: readonly number[] } };
  };
  const { saliency } = oracle.obs_gauss_newton;
  const scores = await scoresOnData(t, IRIS, {
    criterion: 'obs',
    options: OPTIONS,
    tensors: ['W1', 'W2'],
  });
  assertClose(scores.get('W1')!, transposed(saliency.slice(0, 32), 8), 1e-3, 'W1');
  assertClose(scores.get('W2')!, transposed(saliency.slice(40, 64), 3), 1e-3, 'W2');
});

async function reconstructed(
  t: TestContext,
  targets: readonly ReconstructTarget[],
): Promise<Readonly<Record<'W1' | 'W2', Float32Array>>> {
  const output = path.join(await temporaryFolder(t), 'weights.npz');
  await reconstructFile(
    {
      path: fixturePath(IRIS.fixture),
      architecture: irisArchitecture,
      cuts: [],
      criterion: 'obs',
      options: OPTIONS,
      tensors: ['W1', 'W2'],
      targets,
      data: { ...IRIS.data, file: fixturePath(IRIS.data.file) },
      seed: 0,
      output,
    },
    unattended,
  );
  const arrays = await readArrays(path.relative(fixturePath('.'), output));
  return { W1: arrays.get('W1')!.values, W2: arrays.get('W2')!.values };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Mean squared error on the first 64 flowers. */
async function lossWith(weights: Readonly<Record<'W1' | 'W2', Float32Array>>): Promise<number> {
  const file = await readArrays(IRIS.fixture);
  const [b1, b2] = [file.get('b1')!.values, file.get('b2')!.values];
  let sum = 0;
  for (const { x, label } of await irisBatch(64)) {
    const hidden = [...b1].map((b, j) =>
      sigmoid(x.reduce((z, value, i) => z + value * weights.W1[i * 8 + j]!, b)),
    );
    [...b2].forEach((b, k) => {
      const y = sigmoid(hidden.reduce((z, value, j) => z + value * weights.W2[j * 3 + k]!, b));
      sum += (y - Number(k === label)) ** 2;
    });
  }
  return sum / (64 * 3);
}

test('removes the share of each layer that is asked for, and loses less than without an update', async (t) => {
  const half: ReconstructTarget = { kind: 'sparsity', sparsity: 0.5 };
  const weights = await reconstructed(t, [half, half]);
  const zeros = (values: Float32Array): number => values.filter((value) => value === 0).length;
  assert.deepEqual([zeros(weights.W1), zeros(weights.W2)], [16, 12]);
  const file = await readArrays(IRIS.fixture);
  const plain = {
    W1: file.get('W1')!.values.map((value, i) => (weights.W1[i] === 0 ? 0 : value)),
    W2: file.get('W2')!.values.map((value, i) => (weights.W2[i] === 0 ? 0 : value)),
  };
  const before = await lossWith({ W1: file.get('W1')!.values, W2: file.get('W2')!.values });
  const [updated, zeroed] = [await lossWith(weights), await lossWith(plain)];
  assert.ok(updated - before < 0.2 * (zeroed - before), `${before}: ${updated}, ${zeroed}`);
});

test('removes exactly what masks name', async (t) => {
  const masks = [Uint8Array.of(0b101, 0, 0, 0b1000_0000), Uint8Array.of(0, 0b10, 0)];
  const weights = await reconstructed(
    t,
    masks.map((mask) => ({ kind: 'mask', mask })),
  );
  const zerosOf = (values: Float32Array): readonly number[] =>
    [...values.keys()].filter((i) => values[i] === 0);
  assert.deepEqual(zerosOf(weights.W1), [0, 2, 31]);
  assert.deepEqual(zerosOf(weights.W2), [9]);
});

test('refuses a network whose Hessian would not fit, and says what does', async (t) => {
  const wanted = { criterion: 'obs', options: OPTIONS, tensors: ['fc1.weight'] } as const;
  const digits = {
    fixture: 'onnx/digits_mlp_legacy.onnx',
    data: { file: 'datasets/digits.npz', split: 'test', rows: [0, 4], loss: 'ce-logits' },
  } as const;
  await assert.rejects(scoresOnData(t, digits, wanted), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /8970 parameters.*at most 2048.*extent=layer/);
    return true;
  });
});
