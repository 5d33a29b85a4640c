// A transformer encoder as torch exports it at opset 17: products of [batch, positions, features] with the transposed
// weights of linear layers, heads by Reshape and Transpose, GELU by Erf, LayerNormalization after each residual
// addition, one class score from the first position. Weights are normal numbers, the same for the same sizes.
import { closeSync, openSync, writeSync } from 'node:fs';
import { fillNormal, randomNumbers } from './normalNumbers.mjs';
import { message, messageHead, number, text, valueInfo } from './onnxWire.mjs';

/** TensorProto.DataType. */
const FLOAT = 1;
const INT64 = 7;
/** AttributeProto.AttributeType. */
const INT_ATTRIBUTE = 2;
const INTS_ATTRIBUTE = 7;

const CLASSES = 10;

/** The sizes of BERT-base, but for a shorter sequence: 109 million parameters. */
export const BASE_TRANSFORMER = {
  layers: 12,
  features: 768,
  heads: 12,
  vocabulary: 30_522,
  positions: 128,
};

/** Writes the file, its weights one by one. @returns how many parameters it has. */
export function writeTransformer(file, sizes) {
  const graph = new GraphText();
  addNetwork(graph, sizes);
  const fields = [
    ...graph.nodes,
    text(2, 'transformer'),
    message(11, valueInfo('input_ids', INT64, ['batch', sizes.positions])),
    message(12, valueInfo('scores', FLOAT, ['batch', CLASSES])),
  ];
  const head = Buffer.concat(fields);
  const tensors = graph.tensors.map(tensorHead);
  const graphBytes = tensors.reduce((sum, { start, bytes }) => sum + start.length + bytes, 0);
  const handle = openSync(file, 'w');
  writeSync(handle, number(1, 8));
  writeSync(handle, message(8, [text(1, ''), number(2, 17)]));
  writeSync(handle, messageHead(7, head.length + graphBytes));
  writeSync(handle, head);
  const random = randomNumbers(1);
  graph.tensors.forEach((tensor, i) => {
    writeSync(handle, tensors[i].start);
    writeSync(handle, tensor.bytes ?? new Uint8Array(weights(tensor, random).buffer));
  });
  closeSync(handle);
  const sizesOf = graph.tensors.filter(({ type }) => type === FLOAT).map(elementCount);
  return sizesOf.reduce((sum, count) => sum + count, 0);
}

/** Nodes and initializers of a graph in the making. */
class GraphText {
  nodes = [];
  tensors = [];

  /** Adds an operator with one output, which it is named after. */
  node(operator, output, inputs, attributes = []) {
    const parts = inputs.map((input) => text(1, input));
    this.nodes.push(
      message(1, [...parts, text(2, output), text(3, output), text(4, operator), ...attributes]),
    );
    return output;
  }

  /** Adds a tensor of normal numbers around `mean`. */
  weight(name, shape, { mean = 0, deviation = 0.02 } = {}) {
    this.tensors.push({ name, shape, type: FLOAT, mean, deviation });
    return name;
  }

  integers(name, values, shape = [values.length]) {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.tensors.push({ name, shape, type: INT64, bytes });
    return name;
  }

  scalar(name, value) {
    const bytes = new Uint8Array(Float32Array.of(value).buffer);
    this.tensors.push({ name, shape: [], type: FLOAT, bytes });
    return name;
  }

  linear(name, input, [from, to]) {
    const weight = this.weight(`${name}.weight`, [from, to]);
    const product = this.node('MatMul', `/${name}/MatMul`, [input, weight]);
    const bias = this.weight(`${name}.bias`, [to]);
    return this.node('Add', `/${name}/Add`, [bias, product]);
  }

  norm(name, input, features) {
    const scale = this.weight(`${name}.weight`, [features], { mean: 1 });
    const bias = this.weight(`${name}.bias`, [features]);
    return this.node('LayerNormalization', `/${name}`, [input, scale, bias]);
  }
}

function addNetwork(graph, { layers, features, heads, vocabulary, positions }) {
  const words = graph.weight('embeddings.word.weight', [vocabulary, features]);
  const places = graph.weight('embeddings.position', [1, positions, features]);
  const found = graph.node('Gather', '/embeddings/word', [words, 'input_ids']);
  const placed = graph.node('Add', '/embeddings/Add', [found, places]);
  graph.integers('split', [0, 0, heads, features / heads]);
  graph.integers('join', [0, 0, features]);
  graph.scalar('scale', Math.sqrt(features / heads));
  for (const [name, value] of Object.entries({ root: Math.SQRT2, one: 1, half: 0.5 }))
    graph.scalar(name, value);
  let value = graph.norm('embeddings.norm', placed, features);
  for (let layer = 0; layer < layers; layer++) {
    const name = `layers.${layer}`;
    value = addFeedForward(graph, name, addAttention(graph, name, value, features), features);
  }
  const first = graph.integers('first', [0], []);
  const pooled = graph.node('Gather', '/pool', [value, first], [integer('axis', 1)]);
  const kernel = graph.weight('classifier.weight', [CLASSES, features]);
  const bias = graph.weight('classifier.bias', [CLASSES]);
  graph.node('Gemm', 'scores', [pooled, kernel, bias], [integer('transB', 1)]);
}

function addAttention(graph, layer, input, features) {
  const name = `${layer}.attention`;
  const headsOf = (which, order) => {
    const made = graph.linear(`${name}.${which}`, input, [features, features]);
    const split = graph.node('Reshape', `/${name}/${which}/Reshape`, [made, 'split']);
    return graph.node('Transpose', `/${name}/${which}/Transpose`, [split], [order]);
  };
  const query = headsOf('query', integers('perm', [0, 2, 1, 3]));
  const key = headsOf('key', integers('perm', [0, 2, 3, 1]));
  const value = headsOf('value', integers('perm', [0, 2, 1, 3]));
  const product = graph.node('MatMul', `/${name}/MatMul`, [query, key]);
  const scaled = graph.node('Div', `/${name}/Div`, [product, 'scale']);
  const shares = graph.node('Softmax', `/${name}/Softmax`, [scaled]);
  const mixed = graph.node('MatMul', `/${name}/MatMul_1`, [shares, value]);
  const order = [integers('perm', [0, 2, 1, 3])];
  const turned = graph.node('Transpose', `/${name}/Transpose`, [mixed], order);
  const joined = graph.node('Reshape', `/${name}/Reshape`, [turned, 'join']);
  const output = graph.linear(`${name}.output`, joined, [features, features]);
  const sum = graph.node('Add', `/${name}/Add`, [output, input]);
  return graph.norm(`${name}.norm`, sum, features);
}

function addFeedForward(graph, layer, input, features) {
  const name = `${layer}.feed_forward`;
  const wide = graph.linear(`${name}.in`, input, [features, 4 * features]);
  const divided = graph.node('Div', `/${name}/Div`, [wide, 'root']);
  const error = graph.node('Erf', `/${name}/Erf`, [divided]);
  const raised = graph.node('Add', `/${name}/Add`, [error, 'one']);
  const product = graph.node('Mul', `/${name}/Mul`, [wide, raised]);
  const active = graph.node('Mul', `/${name}/Mul_1`, [product, 'half']);
  const output = graph.linear(`${name}.out`, active, [4 * features, features]);
  const sum = graph.node('Add', `/${name}/Add_1`, [output, input]);
  return graph.norm(`${name}.norm`, sum, features);
}

function integer(name, value) {
  return message(5, [text(1, name), number(3, value), number(20, INT_ATTRIBUTE)]);
}

function integers(name, values) {
  const numbers = values.map((value) => number(8, value));
  return message(5, [text(1, name), ...numbers, number(20, INTS_ATTRIBUTE)]);
}

/** An initializer up to its raw bytes, and how many those are. */
function tensorHead({ name, shape, type }) {
  const bytes = elementCount({ shape }) * (type === FLOAT ? 4 : 8);
  const dims = shape.map((size) => number(1, size));
  const fields = [...dims, number(2, type), text(8, name), messageHead(9, bytes)];
  const content = Buffer.concat(fields);
  return { start: Buffer.concat([messageHead(5, content.length + bytes), content]), bytes };
}

function elementCount({ shape }) {
  return shape.reduce((product, size) => product * size, 1);
}

function weights({ shape, mean, deviation }, random) {
  const values = new Float32Array(elementCount({ shape }));
  fillNormal(values, random, deviation);
  return mean === 0 ? values : values.map((value) => value + mean);
}
