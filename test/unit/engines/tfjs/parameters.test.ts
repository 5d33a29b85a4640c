import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledError } from '../../../../src/core/errors';
import type { DifferentiableExecutor } from '../../../../src/core/graph/executor';
import type { Graph, GraphNode, GraphParameter } from '../../../../src/core/graph/graph';
import type { Operator } from '../../../../src/core/graph/operators/operator';
import type { Model } from '../../../../src/core/model/model';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { memoryModel, type MemoryTensor } from '../../../helpers/memoryModel';

function floats(name: string, shape: readonly number[]): MemoryTensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i + 1));
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(values.buffer) };
}

function parameter(tensor: string, more: Partial<GraphParameter> = {}): GraphParameter {
  return { value: `%${tensor}`, tensor, type: 'float32', ...more };
}

interface Parts {
  readonly parameters: readonly GraphParameter[];
  readonly shape: readonly number[];
  readonly nodes: readonly (readonly [operator: Operator, inputs: readonly string[]])[];
}

/** Nodes n0, n1, … one after the other; all of them are outputs. */
function graphOf({ parameters, shape, nodes }: Parts): Graph {
  return {
    inputs: [{ value: 'x', name: 'x', shape, type: 'float32' }],
    outputs: nodes.map((_, i) => ({ value: `n${i}`, name: `n${i}` })),
    parameters,
    constants: [],
    nodes: nodes.map(([operator, inputs], i): GraphNode => ({
      id: `n${i}`,
      layer: `n${i}`,
      operator,
      inputs,
      outputs: [`n${i}`],
    })),
  };
}

async function withExecutor<T>(
  model: Model,
  use: (executor: DifferentiableExecutor) => Promise<T>,
): Promise<T> {
  const executor = await createTfjsExecutor(model, []);
  try {
    return await use(executor);
  } finally {
    executor.dispose();
  }
}

const DENSE = { kind: 'dense', kernelLayout: 'out-in' } as const;
const TRANSPOSED = { kind: 'transpose', permutation: [1, 0] } as const;

test('reads integer codes as their real numbers, or as codes where the graph wants those', async () => {
  const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5);
  const affine = { scales: [0.5, 2], zeroPoints: [1, 3], axis: 0 };
  const codes: MemoryTensor = { name: 'w', shape: [2, 3], dtype: 'uint8', bytes, affine };
  const graph = graphOf({
    parameters: [parameter('w'), parameter('w', { value: '%w#codes', asCodes: true })],
    shape: [1, 1],
    nodes: [
      [{ kind: 'identity' }, ['%w']],
      [{ kind: 'identity' }, ['%w#codes']],
    ],
  });
  const model = { ...memoryModel([codes]), graph };
  await withExecutor(model, async (executor) => {
    const outputs = await executor.run([{ shape: [1, 1], values: new Float32Array(1) }]);
    assert.deepEqual([...outputs[0]!.values], [-0.5, 0, 0.5, 0, 2, 4]);
    assert.deepEqual([...outputs[1]!.values], [0, 1, 2, 3, 4, 5]);
  });
});

test('gives gradients and values in the layout of the file, also where one kernel is read in several', async () => {
  const w = floats('w', [3, 4]);
  const graph = graphOf({
    parameters: [parameter('w')],
    shape: [-1, 4],
    // x W^T, then W itself transposed and as it is: the kernel is read in three ways.
    nodes: [
      [DENSE, ['x', '%w']],
      [TRANSPOSED, ['%w']],
      [{ kind: 'identity' }, ['%w']],
    ],
  });
  const values = new Float32Array(w.bytes.buffer);
  const x = { shape: [2, 4], values: Float32Array.of(1, 2, 3, 4, -1, 0, 1, 2) };
  await withExecutor({ ...memoryModel([w]), graph }, async (executor) => {
    const [product, transposed, plain] = await executor.run([x]);
    const expected = [0, 1].flatMap((n) =>
      [0, 1, 2].map((o) =>
        [0, 1, 2, 3].reduce((sum, i) => sum + x.values[n * 4 + i]! * values[o * 4 + i]!, 0),
      ),
    );
    product!.values.forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]!) <= 1e-5);
    });
    assert.deepEqual(transposed!.shape, [4, 3]);
    assert.equal(transposed!.values[1], values[4]);
    assert.deepEqual(plain, { shape: [3, 4], values });
    const weights = [
      Float32Array.of(1, 2, 3, 0, 0, 0),
      Float32Array.from({ length: 12 }, (_, i) => i),
      new Float32Array(12).fill(100),
    ];
    const { parameters } = await executor.gradients({
      inputs: [x],
      objective: { kind: 'weighted-outputs', weights },
      parameters: ['w'],
    });
    const wanted = Array.from({ length: 12 }, (_, at) => {
      const [o, i] = [Math.floor(at / 4), at % 4];
      return (o + 1) * x.values[i]! + (i * 3 + o) + 100;
    });
    assert.deepEqual([...parameters.get('w')!.values], wanted);
    assert.deepEqual((await executor.readParameters(['w'])).get('w'), { shape: [3, 4], values });
  });
});

test('lowers the graph once for each shape of inputs, and keeps one copy of the parameters', async () => {
  const w = floats('w', [3, 4]);
  const lowered: string[] = [];
  const dense = { parameters: [parameter('w')], nodes: [[DENSE, ['x', '%w']]] } as const;
  const graph = graphOf({ ...dense, shape: [-1, 4] });
  const lowerGraph = (shapes: readonly (readonly number[])[]): Graph => {
    lowered.push(JSON.stringify(shapes));
    return graphOf({ ...dense, shape: shapes[0]! });
  };
  await withExecutor({ ...memoryModel([w]), graph, lowerGraph }, async (executor) => {
    for (const batch of [2, 3, 2, 3, 1]) {
      const inputs = [{ shape: [batch, 4], values: new Float32Array(batch * 4).fill(1) }];
      const [output] = await executor.run(inputs);
      assert.deepEqual(output!.shape, [batch, 3]);
    }
    assert.deepEqual(lowered, ['[[2,4]]', '[[3,4]]', '[[1,4]]']);
    await executor.writeParameters(new Map([['w', new Float32Array(12).fill(2)]]));
    const [output] = await executor.run([{ shape: [2, 4], values: new Float32Array(8).fill(1) }]);
    assert.deepEqual([...output!.values], [8, 8, 8, 8, 8, 8]);
  });
});

test('lets a cancel arrive between the nodes of a long run', async () => {
  const sort = {
    kind: 'cumulate',
    mode: 'sum',
    axis: 1,
    exclusive: false,
    reverse: false,
  } as const;
  const nodes = Array.from(
    { length: 400 },
    (_, i) => [sort, [i === 0 ? 'x' : `n${i - 1}`]] as const,
  );
  const whole = graphOf({ parameters: [], shape: [-1, -1], nodes });
  const graph = { ...whole, outputs: whole.outputs.slice(-1) };
  await withExecutor({ ...memoryModel([]), graph }, async (executor) => {
    const values = new Float32Array(4_000_000);
    const signal = { aborted: false };
    setTimeout(() => {
      signal.aborted = true;
    }, 0);
    await assert.rejects(executor.run([{ shape: [2, 2_000_000], values }], signal), CancelledError);
  });
});
