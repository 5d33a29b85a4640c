import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivationFunction } from '../../../../src/core/graph/operators/activation';
import { type Graph, parameterValue } from '../../../../src/core/graph/graph';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import type { Model } from '../../../../src/core/model/model';
import { memorySource } from '../../../../src/core/formats/memorySource';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';

/** What tfjs-layers has no (or a wrong) answer for, against the definition written out in loops. */
interface Array4 {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

test('convolves depthwise with dilation', async () => {
  const x = numbers([2, 7, 6, 2]);
  const kernel = numbers([3, 2, 2, 2]);
  const operator: Operator = {
    kind: 'depthwiseConvolution',
    strides: [1, 1],
    dilations: [2, 3],
    padding: 'valid',
    dataFormat: 'channelsLast',
  };
  const expected = fill([2, 3, 3, 4], ([n, row, column, out]) => {
    const channel = Math.floor(out! / 2);
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 2; j++) {
        const value = at(x, [n!, row! + 2 * i, column! + 3 * j, channel]);
        sum += value * at(kernel, [i, j, channel, out! % 2]);
      }
    }
    return sum;
  });
  assertClose(await run(operator, [x], { kernel }), expected);
});

test('convolves grouped kernels of either layout with explicit padding and channels first', async () => {
  const x = numbers([2, 4, 5, 5]);
  const kernel = numbers([6, 2, 3, 3]);
  const operator: Operator = {
    kind: 'convolution',
    kernelLayout: 'out-in-spatial',
    strides: [2, 1],
    dilations: [1, 1],
    padding: [
      [1, 0],
      [0, 2],
    ],
    dataFormat: 'channelsFirst',
    groups: 2,
  };
  const expected = fill([2, 6, 2, 5], ([n, filter, row, column]) => {
    const group = Math.floor(filter! / 3);
    let sum = 0;
    for (let c = 0; c < 2; c++) {
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const place = [n!, group * 2 + c, row! * 2 + i - 1, column! + j];
          sum += at(x, place) * at(kernel, [filter!, c, i, j]);
        }
      }
    }
    return sum;
  });
  assertClose(await run(operator, [x], { kernel }), expected);
});

for (const mode of ['max', 'average'] as const) {
  test(`leaves explicit padding out of a pool's ${mode}`, async () => {
    const x = numbers([1, 4, 5, 2]);
    x.values.forEach((value, i) => (x.values[i] = value - 3));
    const operator: Operator = {
      kind: 'pool',
      mode,
      size: [3, 3],
      strides: [2, 2],
      dilations: [1, 1],
      ceil: false,
      includePadding: false,
      padding: [
        [1, 1],
        [1, 1],
      ],
      dataFormat: 'channelsLast',
    };
    const expected = fill([1, 2, 3, 2], ([, row, column, channel]) => {
      const seen: number[] = [];
      for (let i = row! * 2 - 1; i < row! * 2 + 2; i++) {
        for (let j = column! * 2 - 1; j < column! * 2 + 2; j++) {
          if (i >= 0 && j >= 0 && i < 4 && j < 5) seen.push(at(x, [0, i, j, channel!]));
        }
      }
      return mode === 'max' ? Math.max(...seen) : seen.reduce((a, b) => a + b) / seen.length;
    });
    assertClose(await run(operator, [x], {}), expected);
  });
}

test('applies softmax along a middle axis', async () => {
  const x = numbers([2, 3, 4]);
  const operator = activation({ name: 'softmax', axis: 1 });
  const expected = fill([2, 3, 4], ([n, i, j]) => {
    const column = [0, 1, 2].map((k) => Math.exp(at(x, [n!, k, j!])));
    return column[i!]! / column.reduce((a, b) => a + b);
  });
  assertClose(await run(operator, [x], {}), expected);
});

test('projects onto the simplex by sparsemax', async () => {
  // By hand: tau is (1 + 0.5 - 1) / 2 over a support of two, and 3 - 1 over a support of one.
  const x = { shape: [2, 3], values: Float32Array.of(1, 0.5, -1, 3, 0, 0.1) };
  const expected = { shape: [2, 3], values: Float32Array.of(0.75, 0.25, 0, 1, 0, 0) };
  assertClose(
    await run(activation({ name: 'sparsemax', axis: -1, form: 'simplex' }), [x], {}),
    expected,
  );
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(x));

/** Definitions: keras.activations of Keras 3.15. */
const FUNCTIONS: readonly (readonly [ActivationFunction, (x: number) => number])[] = [
  [{ name: 'relu', max: 2, negativeSlope: 0.1, threshold: 0.5 }, (x) => reluOf(x)],
  [{ name: 'elu', alpha: 0.7 }, (x) => (x > 0 ? x : 0.7 * Math.expm1(x))],
  [{ name: 'celu', alpha: 0.7 }, (x) => (x > 0 ? x : 0.7 * Math.expm1(x / 0.7))],
  [{ name: 'logSigmoid' }, (x) => Math.log(sigmoid(x))],
  [{ name: 'hardSigmoid', slope: 1 / 6, offset: 0.5 }, (x) => clip(x / 6 + 0.5, 0, 1)],
  [{ name: 'hardTanh' }, (x) => clip(x, -1, 1)],
  [{ name: 'tanhShrink' }, (x) => x - Math.tanh(x)],
  [{ name: 'softShrink', threshold: 0.5 }, (x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0)],
  [{ name: 'hardShrink', threshold: 0.5 }, (x) => (Math.abs(x) > 0.5 ? x : 0)],
  [{ name: 'squareplus', b: 4 }, (x) => (x + Math.sqrt(x * x + 4)) / 2],
  [{ name: 'sparsePlus' }, (x) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x)],
  [{ name: 'hardSwish' }, (x) => x * clip(x / 6 + 0.5, 0, 1)],
  [{ name: 'mish' }, (x) => x * Math.tanh(softplus(x))],
  [{ name: 'exponential' }, Math.exp],
];

for (const [fn, expected] of FUNCTIONS) {
  test(`activates by ${fn.name} as Keras defines it`, async () => {
    const x = numbers([5, 7]);
    x.values.forEach((value, i) => (x.values[i] = value * 2));
    const values = x.values.map(expected);
    assertClose(await run(activation(fn), [x], {}), { shape: x.shape, values });
  });
}

test('keeps the loss of large logits finite: softplus does not overflow', async () => {
  const x = { shape: [1, 3], values: Float32Array.of(-200, 0, 200) };
  const values = Float32Array.of(0, Math.LN2, 200);
  assertClose(await run(activation({ name: 'softplus' }), [x], {}), { shape: [1, 3], values });
});

test('halves an axis by its gates', async () => {
  const x = numbers([2, 6]);
  const expected = fill([2, 3], ([n, i]) => at(x, [n!, i!]) * sigmoid(at(x, [n!, i! + 3])));
  assertClose(await run(activation({ name: 'glu', axis: -1 }), [x], {}), expected);
});

function reluOf(x: number): number {
  if (x < 0.5) return 0.1 * (x - 0.5);
  return Math.min(x, 2);
}

function clip(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

function activation(fn: ActivationFunction): Operator {
  return { kind: 'activation', function: fn };
}

/** A graph of one node whose inputs are the graph's. */
async function run(
  operator: Operator,
  inputs: readonly Array4[],
  parameters: Readonly<Record<string, Array4>>,
): Promise<Array4> {
  const names = inputs.map((_, i) => `x${i}`);
  const read = Object.keys(parameters).map((tensor) => ({ value: parameterValue(tensor), tensor }));
  const graph: Graph = {
    inputs: names.map((name, i) => ({
      value: name,
      name,
      shape: [-1, ...inputs[i]!.shape.slice(1)],
      type: 'float32',
    })),
    outputs: [{ value: 'y', name: 'y' }],
    parameters: read.map((parameter) => ({ ...parameter, type: 'float32' })),
    constants: [],
    nodes: [
      {
        id: 'y',
        layer: 'y',
        operator,
        inputs: [...names, ...read.map(({ value }) => value)],
        outputs: ['y'],
      },
    ],
  };
  const executor = await createTfjsExecutor(modelOf(graph, parameters), []);
  try {
    const [output] = await executor.run(inputs);
    return output!;
  } finally {
    executor.dispose();
  }
}

function modelOf(graph: Graph, parameters: Readonly<Record<string, Array4>>): Model {
  const entries = Object.entries(parameters);
  return {
    format: 'test',
    formatLabel: 'test',
    metadata: {},
    files: entries.map(([name, { values }]) => memorySource(name, new Uint8Array(values.buffer))),
    tensors: entries.map(([name, { shape, values }], fileIndex) => ({
      name,
      shape,
      dtype: 'float32',
      elementCount: values.length,
      storedElementBytes: 4,
      spans: [{ fileIndex, byteOffset: 0, byteLength: values.byteLength }],
      littleEndian: true,
      storageOrder: null,
      role: 'parameter',
    })),
    layers: [],
    graph,
    checksums: [],
    notices: [],
  };
}

/** Values of either sign that no two neighbours share. */
function numbers(shape: readonly number[]): Array4 {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7) * 2) };
}

/** 0 outside the array. */
function at({ shape, values }: Array4, place: readonly number[]): number {
  let flat = 0;
  for (const [axis, size] of shape.entries()) {
    const index = place[axis]!;
    if (index < 0 || index >= size) return 0;
    flat = flat * size + index;
  }
  return values[flat]!;
}

function fill(shape: readonly number[], valueAt: (place: readonly number[]) => number): Array4 {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    const place = shape.toReversed().map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    });
    return valueAt(place.toReversed());
  });
  return { shape, values };
}

function assertClose(found: Array4, expected: Array4): void {
  assert.deepEqual(found.shape, expected.shape);
  const largest = expected.values.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
  expected.values.forEach((value, i) => {
    const difference = Math.abs(value - found.values[i]!);
    assert.ok(difference <= 1e-5 * largest, `value ${i}: ${found.values[i]}, expected ${value}`);
  });
}
