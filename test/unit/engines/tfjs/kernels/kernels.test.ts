// Kernels put into the wasm backend, against TensorFlow.js 4.22's plain JavaScript backend or a float64 loop.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startTfjs } from '../../../../../src/engines/tfjs/startTfjs';
import { seededRandom } from '../../../../helpers/random';
import { randomIntegers, randomTensorData } from '../tensorData';

before(async () => {
  assert.match(await startTfjs(), /wasm/);
});

type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly run: Operation;
}

/** The value, and the gradient with respect to each input of its sum weighted at random. */
async function valueAndGradients(
  backend: string,
  { shapes, run }: Case,
  seed: number,
): Promise<readonly Float32Array[]> {
  await tf.setBackend(backend);
  const random = seededRandom(seed);
  const data = shapes.map((shape) => randomTensorData(shape, random));
  return tf.tidy(() => {
    const inputs = data.map((values, i) => tf.tensor(values, [...shapes[i]!]));
    const value = run(...inputs);
    const weights = tf.tensor(randomTensorData(value.shape, random), value.shape);
    const gradients = tf.grads(run)(inputs, weights);
    return [value, ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
  });
}

async function assertAsOnCpu(name: string, given: Case, seed: number): Promise<void> {
  const expected = await valueAndGradients('cpu', given, seed);
  const found = await valueAndGradients('wasm', given, seed);
  expected.forEach((values, i) => {
    assertClose(found[i]!, values, `${name} ${JSON.stringify(given.shapes)}, array ${i}`);
  });
}

/** Both backends add up in float32, in other orders. */
function assertClose(found: Float32Array, expected: ArrayLike<number>, what: string): void {
  assert.equal(found.length, expected.length, what);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  found.forEach((value, i) => {
    const difference = Math.abs(value - expected[i]!);
    assert.ok(difference <= 2e-5 * scale, `${what}[${i}]: ${value} for ${expected[i]}`);
  });
}

const PADDINGS = ['same', 'valid'] as const;
const ROUNDS = 12;

test('differentiates convolutions over random shapes as the plain backend does', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(round);
    const [batch, inputs, outputs] = randomIntegers([1, 1, 1], [3, 4, 5], random);
    const [height, width, filterHeight, filterWidth] = randomIntegers(
      [5, 5, 1, 1],
      [9, 9, 5, 5],
      random,
    );
    const strides = randomIntegers([1, 1], [3, 3], random) as [number, number];
    const padding = PADDINGS[round % 2]!;
    const given: Case = {
      shapes: [
        [batch!, height!, width!, inputs!],
        [filterHeight!, filterWidth!, inputs!, outputs!],
      ],
      run: (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, padding),
    };
    await assertAsOnCpu(`conv2d ${strides.join('x')} ${padding}`, given, round);
  }
});

test('differentiates convolutions with padding given on each side', async () => {
  for (const sides of [
    [1, 2, 0, 1],
    [0, 3, 2, 0],
    [4, 0, 0, 4],
  ]) {
    const [top, bottom, left, right] = sides as [number, number, number, number];
    const padding: [[number, number], [number, number], [number, number], [number, number]] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const given: Case = {
      shapes: [
        [2, 7, 6, 3],
        [3, 2, 3, 4],
      ],
      run: (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 1], padding),
    };
    await assertAsOnCpu(`conv2d ${sides.join(' ')}`, given, 3);
  }
});

test('convolves transposed, and differentiates that, as the plain backend does', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(100 + round);
    const [height, width, filter, stride] = randomIntegers([2, 2, 1, 1], [5, 5, 4, 3], random);
    const padding = PADDINGS[round % 2]!;
    const size = (length: number): number =>
      padding === 'same' ? length * stride! : (length - 1) * stride! + filter!;
    const shape: [number, number, number, number] = [2, size(height!), size(width!), 3];
    const given: Case = {
      shapes: [
        [2, height!, width!, 4],
        [filter!, filter!, 3, 4],
      ],
      run: (x, kernel) =>
        tf.conv2dTranspose(x as tf.Tensor4D, kernel as tf.Tensor4D, shape, stride!, padding),
    };
    await assertAsOnCpu(`conv2dTranspose ${stride} ${padding}`, given, round);
  }
});

test('differentiates depthwise convolutions over random shapes as the plain backend does', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(200 + round);
    const [channels, multiplier] = randomIntegers([1, 1], [5, 3], random);
    const [height, width, filterHeight, filterWidth] = randomIntegers(
      [5, 5, 1, 1],
      [9, 9, 4, 4],
      random,
    );
    const stride = 1 + (round % 3);
    const padding = PADDINGS[round % 2]!;
    const given: Case = {
      shapes: [
        [2, height!, width!, channels!],
        [filterHeight!, filterWidth!, channels!, multiplier!],
      ],
      run: (x, filter) =>
        tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding),
    };
    await assertAsOnCpu(`depthwiseConv2d ${stride} ${padding}`, given, round);
  }
});

test('sends the gradient of a maximum to the largest element, also where all are negative', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const random = seededRandom(300 + round);
    const [height, width, size, stride] = randomIntegers([4, 4, 1, 1], [9, 9, 3, 3], random);
    const padding = PADDINGS[round % 2]!;
    const given: Case = {
      shapes: [[2, height!, width!, 3]],
      run: (x) => tf.maxPool(tf.sub<tf.Tensor4D>(x, 5), size!, stride!, padding),
    };
    await assertAsOnCpu(`maxPool ${size} ${stride} ${padding}`, given, round);
  }
});

test('sends the gradient of a maximum to the first of equal elements', async () => {
  await tf.setBackend('wasm');
  const gradient = tf.tidy(() =>
    tf
      .grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))(tf.zeros([1, 4, 2, 1]))
      .dataSync(),
  );
  assert.deepEqual([...gradient], [1, 0, 0, 0, 1, 0, 0, 0]);
});

/** Each window's gradient over the number of elements that it has, in float64. */
function averagePoolGradient(size: number, stride: number, weights: number[][]): number[][] {
  const length = 5;
  const outputs = Math.ceil(length / stride);
  const before = Math.floor(Math.max(0, (outputs - 1) * stride + size - length) / 2);
  const gradient = Array.from({ length }, () => new Array<number>(length).fill(0));
  const range = (output: number): number[] =>
    Array.from({ length: size }, (_, i) => output * stride - before + i).filter(
      (i) => i >= 0 && i < length,
    );
  weights.forEach((row, y) => {
    row.forEach((weight, x) => {
      const [rows, columns] = [range(y), range(x)];
      for (const i of rows) {
        for (const j of columns) gradient[i]![j]! += weight / (rows.length * columns.length);
      }
    });
  });
  return gradient;
}

for (const backend of ['wasm', 'cpu']) {
  test(`shares the gradient of an average among the elements that are there, on ${backend}`, async () => {
    await tf.setBackend(backend);
    for (const [size, stride] of [
      [3, 1],
      [3, 2],
      [2, 2],
      [4, 3],
    ] as const) {
      const outputs = Math.ceil(5 / stride);
      const random = seededRandom(size * 10 + stride);
      const weights = Array.from({ length: outputs }, () =>
        Array.from({ length: outputs }, () => random() - 0.5),
      );
      const found = tf.tidy(() => {
        const dy = tf.reshape(tf.tensor2d(weights), [1, outputs, outputs, 1]);
        const pool = (x: tf.Tensor): tf.Tensor =>
          tf.avgPool(x as tf.Tensor4D, size, stride, 'same');
        return tf
          .grad(pool)(tf.zeros([1, 5, 5, 1]), dy)
          .dataSync() as Float32Array;
      });
      assertClose(found, averagePoolGradient(size, stride, weights).flat(), `${size}/${stride}`);
    }
  });
}

test('multiplies matrices with transpositions and batches as the plain backend does', async () => {
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const random = seededRandom(400 + round);
    const [rows, inner, columns] = randomIntegers([1, 1, 1], [60, 120, 60], random);
    const [transposeA, transposeB] = [round % 2 === 1, round % 4 > 1];
    const batch = [[], [3], [2, 2]][round % 3]!;
    const given: Case = {
      shapes: [
        [...batch, ...(transposeA ? [inner!, rows!] : [rows!, inner!])],
        [...batch, ...(transposeB ? [columns!, inner!] : [inner!, columns!])],
      ],
      run: (x, y) => tf.matMul(x, y, transposeA, transposeB),
    };
    await assertAsOnCpu(`matMul ${transposeA} ${transposeB}`, given, round);
  }
});

test('multiplies one matrix by each of a batch as the plain backend does', async () => {
  for (const [a, b] of [
    [
      [3, 20, 30],
      [1, 30, 40],
    ],
    [
      [1, 20, 30],
      [3, 30, 40],
    ],
    [
      [2, 1, 20, 30],
      [3, 30, 40],
    ],
  ]) {
    const values = [a!, b!].map((shape) => randomTensorData(shape, seededRandom(9)));
    const product = async (backend: string): Promise<Float32Array> => {
      await tf.setBackend(backend);
      return tf.tidy(() => {
        const result: tf.Tensor = tf.matMul(tf.tensor(values[0]!, a), tf.tensor(values[1]!, b));
        return result.dataSync() as Float32Array;
      });
    };
    assertClose(await product('wasm'), await product('cpu'), JSON.stringify([a, b]));
  }
});

test('adds the bias of a fused product once, whatever is transposed', async () => {
  for (const activation of ['linear', 'relu', 'sigmoid', 'relu6', 'elu'] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const given: Case = {
          shapes: [transposeA ? [130, 6] : [6, 130], transposeB ? [7, 130] : [130, 7], [7]],
          run: (a, b, bias) => tf.fused.matMul({ a, b, bias, activation, transposeA, transposeB }),
        };
        await assertAsOnCpu(`fused ${activation}`, given, 1);
      }
    }
  }
});

test('adds up the rows that an embedding looked up more than once', async () => {
  const indices = [0, 3, 3, 1, 0, 3];
  const given: Case = {
    shapes: [[5, 4]],
    run: (table) => tf.gather(table, tf.tensor2d(indices, [2, 3], 'int32')),
  };
  await assertAsOnCpu('gather', given, 5);
});

test('sums over leading axes lose no digits to the number of rows', async () => {
  await tf.setBackend('wasm');
  const rows = 1 << 20;
  const values = new Float32Array(rows * 2).fill(0.1);
  const [sums, means] = tf.tidy(() => {
    const x = tf.tensor(values, [1 << 10, 1 << 10, 2]);
    return [tf.sum(x, [0, 1]).dataSync(), tf.mean(x, [0, 1], true).dataSync()];
  });
  const exact = Math.fround(0.1);
  assert.ok(Math.abs(sums[0]! / rows - exact) <= 1e-8);
  assert.ok(Math.abs(means[1]! - exact) <= 1e-8);
});

test('leaves no memory behind', async () => {
  await tf.setBackend('wasm');
  const backend = tf.backend() as unknown as { numDataIds(): number };
  const given: Case = {
    shapes: [
      [2, 9, 8, 3],
      [3, 3, 3, 4],
    ],
    run: (x, filter) => {
      const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same');
      return tf.matMul(tf.maxPool(y, 2, 1, 'same'), tf.avgPool(y, 2, 1, 'same'), true);
    },
  };
  await valueAndGradients('wasm', given, 1);
  const before = backend.numDataIds();
  for (let round = 0; round < 3; round++) await valueAndGradients('wasm', given, 1);
  assert.equal(backend.numDataIds(), before);
});
