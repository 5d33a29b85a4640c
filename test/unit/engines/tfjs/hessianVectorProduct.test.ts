// Products with the Hessian, as torch 2.13.0 computed them in float64, and as the operators' definitions have them.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createRandom } from '../../../../src/core/random';
import type { ReferenceArray } from '../../../../src/engines/reference/referenceArray';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { norm } from '../../../helpers/gradientOracle';
import { referenceNetwork } from '../../../helpers/referenceNetwork';
import { openFixture } from '../../../helpers/modelFixtures';
import { readArrays } from '../../../helpers/npzArrays';
import { digitsLoss } from '../../../helpers/digitsLoss';
import { assertClose } from '../../../helpers/assertClose';

for (const file of ['digits_mlp_dynamo', 'digits_mlp_legacy']) {
  test(`moves the gradient of ${file} along itself as torch in float64 does`, async (t) => {
    const { model } = await openFixture(t, 'onnx', `${file}.onnx`);
    const executor = await createTfjsExecutor(model, []);
    t.after(() => {
      executor.dispose();
    });
    const { inputs, objective } = await digitsLoss();
    const weights = await executor.readParameters();
    const parameters = [...weights.keys()];
    const { parameters: gradients } = await executor.gradients({ inputs, objective, parameters });
    const vectors = new Map([...gradients].map(([name, { values }]) => [name, values]));
    const products = await executor.hessianVectorProduct({ inputs, objective, vectors });
    const oracles = await readArrays('oracles/pruning/digits_mlp_criteria.npz');
    assert.equal(parameters.length, 6);
    for (const name of parameters) {
      const weight = weights.get(name)!.values;
      const grasp = products.get(name)!.values.map((product, i) => -weight[i]! * product);
      assertClose(grasp, oracles.get(`grasp/${name}`)!.values, 1e-3, name);
    }
  });
}

/** Numbers of about the size of a tensor's own, so that the loss bends in every one. */
function direction(shape: Float64Array | Float32Array, seed: number): Float32Array {
  const random = createRandom(seed);
  const size = norm(shape) / Math.sqrt(Math.max(1, shape.length));
  return Float32Array.from(shape, () => (random.bits() / 2 ** 31 - 1) * (size === 0 ? 0.1 : size));
}

function directions(
  parameters: ReadonlyMap<string, { readonly values: Float64Array | Float32Array }>,
  seed: number,
): ReadonlyMap<string, Float32Array> {
  return new Map(
    [...parameters].map(([name, { values }], i) => [name, direction(values, seed * 1000 + i)]),
  );
}

function dot(
  a: ReadonlyMap<string, { readonly values: Float32Array }>,
  b: ReadonlyMap<string, Float32Array>,
): number {
  let sum = 0;
  for (const [name, values] of b) {
    const other = a.get(name)!.values;
    values.forEach((value, i) => (sum += value * other[i]!));
  }
  return sum;
}

/** Mean cross entropy over the samples, with label n modulo the classes. */
function lossOf({ shape, values }: ReferenceArray, isProbability: boolean): number {
  const classes = shape.at(-1)!;
  let loss = 0;
  for (let n = 0; n < shape[0]!; n++) {
    const row = values.subarray(n * classes, (n + 1) * classes);
    const label = row[n % classes]!;
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
    loss -= isProbability ? Math.log(label) : label - Math.log(total);
  }
  return loss / shape[0]!;
}

/** Small against the distance of activations from their kinks, large against the rounding of float64. */
const STEP = 2e-5;

const SAMPLES = 1;

interface NetworkCase {
  readonly file: string;
  readonly loss: 'ce' | 'ce-logits';
}

const NETWORKS: readonly NetworkCase[] = [
  { file: 'onnx/lenet5_legacy.onnx', loss: 'ce-logits' },
  { file: 'onnx/transformer_dynamo.onnx', loss: 'ce-logits' },
  { file: 'onnx/lstm_legacy.onnx', loss: 'ce-logits' },
  { file: 'keras/gru.keras', loss: 'ce' },
  { file: 'keras/lstm.keras', loss: 'ce' },
];

async function openNetwork(t: TestContext, { file, loss }: NetworkCase) {
  const { model } = await openFixture(t, file);
  const name = `oracles/outputs/${file.replace('/', '__')}.npz`;
  const arrays = await readArrays(name, (key) => key.startsWith('input'));
  const inputs = [...arrays.values()].map(({ shape, values }) => ({
    shape: shape.with(0, SAMPLES),
    values: values.slice(0, (values.length / shape[0]!) * SAMPLES),
  }));
  const executor = await createTfjsExecutor(model, []);
  t.after(() => {
    executor.dispose();
  });
  const [output] = await executor.run(inputs);
  const classes = Array.from({ length: SAMPLES }, (_, n) => n % output!.shape.at(-1)!);
  const objective = { kind: 'loss', loss, targets: { kind: 'classes', classes } } as const;
  return { model, inputs, executor, objective };
}

for (const network of NETWORKS) {
  test(`bends the loss of ${network.file} as differences of its definition do`, async (t) => {
    const { model, inputs, executor, objective } = await openNetwork(t, network);
    const reference = await referenceNetwork(model, inputs);
    const names = [...reference.parameters.keys()];
    const [u, v] = [directions(reference.parameters, 1), directions(reference.parameters, 2)];
    const products = await executor.hessianVectorProduct({ inputs, objective, vectors: v });
    const at = (along: number, across: number): number => {
      const moved = names.map((name) => {
        const { values } = reference.parameters.get(name)!;
        const [du, dv] = [u.get(name)!, v.get(name)!];
        return [name, values.map((w, i) => w + along * du[i]! + across * dv[i]!)] as const;
      });
      return lossOf(reference.run(new Map(moved)), network.loss === 'ce');
    };
    const h = STEP;
    const expected = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h);
    const found = dot(products, u);
    const difference = Math.abs(found - expected);
    assert.ok(difference <= 1e-3 * Math.abs(expected), `${found} for ${expected}`);
  });
}

const CONVOLUTIONS: readonly NetworkCase[] = [
  { file: 'onnx/mobilenet_bn_unfolded.onnx', loss: 'ce-logits' },
  { file: 'onnx/resnet_bn_unfolded.onnx', loss: 'ce-logits' },
  { file: 'onnx/densenet_bn_unfolded.onnx', loss: 'ce-logits' },
  { file: 'keras/resbn.keras', loss: 'ce' },
];

for (const network of CONVOLUTIONS) {
  test(`bends the loss of ${network.file} along two directions alike, whichever comes first`, async (t) => {
    const { inputs, executor, objective } = await openNetwork(t, network);
    const parameters = await executor.readParameters();
    const [u, v] = [directions(parameters, 1), directions(parameters, 2)];
    const along = async (vectors: typeof u, others: typeof u): Promise<number> =>
      dot(await executor.hessianVectorProduct({ inputs, objective, vectors }), others);
    const [first, second] = [await along(u, v), await along(v, u)];
    assert.ok(first !== 0);
    assert.ok(Math.abs(first - second) <= 1e-3 * Math.abs(first), `${first} and ${second}`);
  });
}
