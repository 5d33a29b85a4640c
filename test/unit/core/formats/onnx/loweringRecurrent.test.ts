// Recurrent layers and attention over random attributes, beside onnxruntime-web 1.30.0.
import { test } from 'node:test';
import { assertBesideRuntime, Draw } from './besideRuntime';
import type { AttributeValue, ModelSpec, NodeSpec, OnnxArray } from './onnxNodes';

const TOLERANCE = 1e-4;

const GATES = { RNN: 1, GRU: 3, LSTM: 4 } as const;

type Attributes = Readonly<Record<string, AttributeValue>>;

const ACTIVATIONS: Readonly<Record<keyof typeof GATES, readonly Attributes[]>> = {
  RNN: [
    {},
    { activations: ['Relu'] },
    { activations: ['LeakyRelu'], activation_alpha: { floats: [0.2] } },
  ],
  GRU: [{}, { activations: ['HardSigmoid', 'Softsign'] }],
  LSTM: [{}, { activations: ['Sigmoid', 'Relu', 'Tanh'] }],
};

/** A recurrent layer of random sizes and attributes. */
function recurrentModel(op: keyof typeof GATES, draw: Draw, extra: Attributes = {}): ModelSpec {
  const [time, batch, features, units] = [draw.int(2, 4), draw.int(1, 3), draw.int(1, 3), 3];
  const direction = draw.pick(['forward', 'reverse', 'bidirectional']);
  const directions = direction === 'bidirectional' ? 2 : 1;
  const gates = GATES[op];
  const initializers: Record<string, OnnxArray> = {
    w: draw.array([directions, gates * units, features]),
    r: draw.array([directions, gates * units, units]),
    b: draw.array([directions, 2 * gates * units]),
  };
  const given = draw.pick<Attributes>(ACTIVATIONS[op]);
  const names = given['activations'] as readonly string[] | undefined;
  const parameters = given['activation_alpha'] as
    { readonly floats: readonly number[] } | undefined;
  const twice = <T>(list: readonly T[]): readonly T[] =>
    directions === 2 ? [...list, ...list] : list;
  const inputs = ['x', 'w', 'r', draw.pick(['', 'b'])];
  const x = draw.array([time, batch, features]);
  if (draw.int(0, 1) === 1) {
    initializers['h'] = draw.array([directions, batch, units]);
    inputs.push('', 'h');
    if (op === 'LSTM') {
      initializers['c'] = draw.array([directions, batch, units]);
      inputs.push('c');
    }
  }
  const node: NodeSpec = {
    op,
    inputs,
    outputs: op === 'LSTM' ? ['y', 'yh', 'yc'] : ['y', 'yh'],
    attributes: {
      hidden_size: units,
      direction,
      ...(names === undefined ? {} : { activations: twice(names) }),
      ...(parameters === undefined
        ? {}
        : { activation_alpha: { floats: twice(parameters.floats) } }),
      ...extra,
    },
  };
  return { opset: 14, nodes: [node], inputs: { x }, initializers, outputs: node.outputs! };
}

for (const op of ['RNN', 'GRU', 'LSTM'] as const) {
  test(`${op} runs as in the runtime, in both directions and with other activations`, async () => {
    const draw = new Draw(op.length);
    for (let round = 0; round < 12; round++) {
      const reset = op === 'GRU' ? { linear_before_reset: draw.int(0, 1) } : {};
      await assertBesideRuntime(recurrentModel(op, draw, reset), TOLERANCE);
    }
  });
}

for (const op of ['RNN', 'GRU', 'LSTM'] as const) {
  test(`${op} keeps gates within the clip as in the runtime`, async () => {
    const draw = new Draw(21);
    for (let round = 0; round < 4; round++) {
      const spec = recurrentModel(op, draw, { clip: { float: 0.6 } });
      await assertBesideRuntime(spec, TOLERANCE);
    }
  });
}

test('samples end where their lengths say', async () => {
  const draw = new Draw(22);
  for (const op of ['RNN', 'GRU', 'LSTM'] as const) {
    for (const direction of ['forward', 'reverse']) {
      const initializers = {
        w: draw.array([1, GATES[op] * 2, 3]),
        r: draw.array([1, GATES[op] * 2, 2]),
        b: draw.array([1, GATES[op] * 4]),
        lengths: { type: 'int32', shape: [3], values: [4, 2, 3] } as const,
      };
      const outputs = op === 'LSTM' ? ['y', 'yh', 'yc'] : ['y', 'yh'];
      const attributes = { hidden_size: 2, direction };
      const nodes = [{ op, inputs: ['x', 'w', 'r', 'b', 'lengths'], outputs, attributes }];
      const inputs = { x: draw.array([4, 3, 3]) };
      await assertBesideRuntime({ opset: 14, nodes, inputs, initializers, outputs }, TOLERANCE);
    }
  }
});

test('an LSTM that starts from computed zeros needs no state', async () => {
  const draw = new Draw(23);
  const nodes: readonly NodeSpec[] = [
    { op: 'Shape', inputs: ['x'], outputs: ['s'] },
    { op: 'Slice', inputs: ['s', 'one', 'two'], outputs: ['batch'] },
    { op: 'Concat', inputs: ['one', 'batch', 'two'], outputs: ['sizes'], attributes: { axis: 0 } },
    { op: 'ConstantOfShape', inputs: ['sizes'], outputs: ['h'] },
    {
      op: 'LSTM',
      inputs: ['x', 'w', 'r', '', '', 'h', 'h'],
      attributes: { hidden_size: 2 },
    },
  ];
  const initializers: Record<string, OnnxArray> = {
    one: { type: 'int64', shape: [1], values: [1] },
    two: { type: 'int64', shape: [1], values: [2] },
    w: draw.array([1, 8, 3]),
    r: draw.array([1, 8, 2]),
  };
  const inputs = { x: draw.array([4, 3, 3]) };
  await assertBesideRuntime({ opset: 14, nodes, inputs, initializers, open: ['x'] }, TOLERANCE);
});

test('attention of the standard set is that of the runtime', async () => {
  const draw = new Draw(24);
  const cases: readonly (readonly [Attributes, readonly string[]])[] = [
    [{ q_num_heads: 2, kv_num_heads: 2 }, []],
    [{ q_num_heads: 2, kv_num_heads: 2, is_causal: 1 }, []],
    [{ q_num_heads: 2, kv_num_heads: 2, scale: { float: 0.3 } }, ['bias']],
    [{ q_num_heads: 2, kv_num_heads: 2, softcap: { float: 1.5 } }, ['mask']],
  ];
  for (const [attributes, more] of cases) {
    const inputs = { q: draw.array([2, 3, 8]), k: draw.array([2, 5, 8]), v: draw.array([2, 5, 8]) };
    const initializers = {
      bias: draw.array([3, 5]),
      mask: {
        ...draw.array([3, 5], [0, 1], 'bool'),
        values: [1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1],
      },
    };
    const nodes = [{ op: 'Attention', inputs: ['q', 'k', 'v', ...more], attributes }];
    await assertBesideRuntime({ opset: 23, nodes, inputs, initializers }, TOLERANCE);
  }
  const grouped = {
    q: draw.array([2, 4, 3, 4]),
    k: draw.array([2, 2, 3, 4]),
    v: draw.array([2, 2, 3, 4]),
  };
  const nodes = [{ op: 'Attention', inputs: ['q', 'k', 'v'] }];
  await assertBesideRuntime({ opset: 23, nodes, inputs: grouped }, TOLERANCE);
});

test('attention that the runtime has fused is what it computes', async () => {
  const draw = new Draw(25);
  const domain = 'com.microsoft';
  const x = draw.array([2, 3, 8]);
  const initializers = { w: draw.array([8, 24], [-1, 1]), b: draw.array([24]) };
  for (const unidirectional of [0, 1]) {
    const attributes = { num_heads: 2, unidirectional };
    const nodes = [{ op: 'Attention', domain, inputs: ['x', 'w', 'b'], attributes }];
    await assertBesideRuntime(
      { opset: 17, nodes, inputs: { x }, initializers, open: ['x'] },
      TOLERANCE,
    );
  }
  const inputs = { q: draw.array([2, 3, 8]), k: draw.array([2, 5, 8]), v: draw.array([2, 5, 8]) };
  const attributes = { num_heads: 2 };
  for (const more of [[], ['b']]) {
    const nodes = [
      { op: 'MultiHeadAttention', domain, inputs: ['q', 'k', 'v', ...more], attributes },
    ];
    await assertBesideRuntime({ opset: 17, nodes, inputs, initializers }, TOLERANCE);
  }
});
