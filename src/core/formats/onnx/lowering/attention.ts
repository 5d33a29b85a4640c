import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import { matrixOf } from './constants';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { reshapeTo } from './shapes';

/** Queries, keys and values as [batch, heads, positions, features of a head]. */
interface Heads {
  readonly query: LoweredValue;
  readonly key: LoweredValue;
  readonly value: LoweredValue;
}

interface Scoring {
  readonly scale: number;
  /** Added to the scores, or (bool) where they count; null: all count. */
  readonly mask: LoweredValue | null;
  readonly causal: boolean;
  readonly softcap: number;
}

/** Scores that do not count: so low that nothing of them is left behind the softmax. */
const MASKED = -1e30;

/** softmax(scale Q K^T + mask) V. Source: "Attention Is All You Need", section 3.2.1. */
function attend(node: NodeContext, { query, key, value }: Heads, scoring: Scoring): LoweredValue {
  const product = node.emit({ kind: 'matMul', transposeA: false, transposeB: true }, query, key);
  let scores = node.merge('multiply', product, node.scalar(scoring.scale));
  if (scoring.softcap !== 0) {
    const capped = node.merge('divide', scores, node.scalar(scoring.softcap));
    const bounded = node.activation({ name: 'tanh' }, capped);
    scores = node.merge('multiply', bounded, node.scalar(scoring.softcap));
  }
  if (scoring.mask !== null) scores = masked(node, scores, scoring.mask);
  if (scoring.causal) scores = masked(node, scores, causalMask(node, query, key));
  const weights = node.activation({ name: 'softmax', axis: -1 }, scores);
  return node.emit({ kind: 'matMul', transposeA: false, transposeB: false }, weights, value);
}

function masked(node: NodeContext, scores: LoweredValue, mask: LoweredValue): LoweredValue {
  if (node.facts(mask).type !== 'bool') return node.merge('add', scores, mask);
  return node.emit({ kind: 'select' }, mask, scores, node.scalar(MASKED));
}

/** Each position sees itself and those before it. */
function causalMask(node: NodeContext, query: LoweredValue, key: LoweredValue): LoweredValue {
  const [rows = -1, columns = -1] = [node.shape(query)[2], node.shape(key)[2]];
  if (rows < 0 || columns < 0) {
    throw node.unsupported('a causal mask of open size', 'sizes that are given');
  }
  const at = (row: number, column: number): number => Number(column <= row);
  return matrixOf(node, [rows, columns], { type: 'bool', at });
}

/** [batch, positions, heads * features] to [batch, heads, positions, features]. */
function splitHeads(node: NodeContext, x: LoweredValue, heads: number): LoweredValue {
  const [batch = -1, positions = -1, features = -1] = node.shape(x);
  const open = [batch, positions].map((size) => (size < 0 ? null : size));
  const parts = reshapeTo(node, x, [...open, heads, features / heads], false);
  return node.transpose(parts, [0, 2, 1, 3]);
}

function joinHeads(node: NodeContext, x: LoweredValue): LoweredValue {
  const [batch = -1, heads = -1, positions = -1, features = -1] = node.shape(x);
  const open = [batch, positions].map((size) => (size < 0 ? null : size));
  return reshapeTo(node, node.transpose(x, [0, 2, 1, 3]), [...open, heads * features], false);
}

/** Heads of keys and values that several heads of queries share, once for each of these. */
function repeatHeads(node: NodeContext, x: LoweredValue, heads: number): LoweredValue {
  const own = node.shape(x)[1] ?? -1;
  if (own === heads) return x;
  if (heads < 0 || own < 0) throw node.unsupported('an open number of heads', 'a given one');
  const order = node.range(heads).map((i) => Math.floor((i * own) / heads));
  return node.emit({ kind: 'gather', axis: 1 }, x, node.vector(order));
}

/** Source: ONNX Attention, from opset 23 on. */
const attention: LowerNode = (node) => {
  if (node.optional(4) !== null || node.optional(5) !== null || node.optional(6) !== null) {
    throw node.unsupported('past keys and values', 'attention over the given positions');
  }
  if ([1, 2, 3].some((output) => node.hasOutput(output))) {
    throw node.unsupported('keys, values or scores as outputs', 'the result alone');
  }
  const [q, k, v] = [node.input(0), node.input(1), node.input(2)];
  const isFlat = node.shape(q).length === 3;
  const split = (x: LoweredValue, name: string): LoweredValue =>
    isFlat ? splitHeads(node, x, node.int(name, 1)) : x;
  const query = split(q, 'q_num_heads');
  const heads = node.shape(query)[1] ?? 1;
  const key = repeatHeads(node, split(k, 'kv_num_heads'), heads);
  const value = repeatHeads(node, split(v, 'kv_num_heads'), heads);
  const features = node.shape(query)[3] ?? 1;
  const y = attend(
    node,
    { query, key, value },
    {
      scale: node.float('scale', 1 / Math.sqrt(features)),
      mask: node.optional(3),
      causal: node.int('is_causal', 0) !== 0,
      softcap: node.float('softcap', 0),
    },
  );
  return isFlat ? joinHeads(node, y) : y;
};

/** Query, key, value, bias, key padding mask, attention bias. */
const multiHead: LowerNode = (node) => {
  const absent = [4, 6, 7, 8, 9].every((input) => node.optional(input) === null);
  if (!absent || node.hasOutput(1) || node.optional(1) === null) {
    throw node.unsupported('masks, packed or past keys', 'query, key, value, bias');
  }
  const heads = node.int('num_heads', 1);
  const bias = node.optional(3);
  const widths = [0, 1, 2].map((i) => node.shape(node.input(i)).at(-1) ?? 0);
  const biases =
    bias === null ? [] : node.emitAll({ kind: 'split', axis: 0, sizes: widths }, [bias]);
  const [query, key, value] = [0, 1, 2].map((i) => {
    const x = node.input(i);
    const added = biases[i];
    return splitHeads(node, added === undefined ? x : node.merge('add', x, added), heads);
  });
  if (query === undefined || key === undefined || value === undefined) {
    throw node.unsupported('fewer inputs', 'query, key and value');
  }
  return joinHeads(node, attend(node, { query, key, value }, contribScoring(node, query, 5)));
};

/** Input, weights [in, 3 * out], bias [3 * out]. */
const packedAttention: LowerNode = (node) => {
  const absent = [3, 4, 6].every((input) => node.optional(input) === null);
  const uneven = (node.ints('qkv_hidden_sizes') ?? []).length > 0;
  if (!absent || uneven || node.int('do_rotary', 0) !== 0 || node.hasOutput(1)) {
    throw node.unsupported('masks, past keys or uneven sizes', 'input, weights and bias');
  }
  const operator = { kind: 'dense', kernelLayout: 'in-out' } as const;
  const packed = node.emit(operator, node.input(0), node.input(1), node.optional(2));
  const width = (node.shape(packed).at(-1) ?? 0) / 3;
  const parts = node.emitAll({ kind: 'split', axis: 2, sizes: [width, width, width] }, [packed]);
  const [query, key, value] = parts.map((x) => splitHeads(node, x, node.int('num_heads', 1)));
  if (query === undefined || key === undefined || value === undefined) {
    throw node.unsupported('weights of another width', 'three parts');
  }
  return joinHeads(node, attend(node, { query, key, value }, contribScoring(node, query, 5)));
};

/** @param bias the input that is added to the scores */
function contribScoring(node: NodeContext, query: LoweredValue, bias: number): Scoring {
  const scale = node.float('scale', 0);
  const features = node.shape(query)[3] ?? 1;
  return {
    scale: scale === 0 ? 1 / Math.sqrt(features) : scale,
    mask: node.optional(bias),
    causal: node.int('unidirectional', 0) !== 0,
    softcap: 0,
  };
}

/** Source: Operators.md of ONNX 1.23, ContribOperators.md of ONNX Runtime 1.30. */
export const ATTENTION: LoweringTable = {
  Attention: attention,
  'com.microsoft:MultiHeadAttention': multiHead,
  'com.microsoft:Attention': packedAttention,
};
