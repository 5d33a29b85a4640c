import type { ReduceOperator } from '../../../graph/operators/reduction';
import type { LoweringTable, LowerNode } from './nodeContext';

function reduction(mode: ReduceOperator['mode']): LowerNode {
  return (node) => {
    const { attributes } = node;
    const keepDims = attributes.bool('keep_dims') || attributes.bool('keepdims');
    return node.emit({ kind: 'reduce', mode, axes: node.numbers(1), keepDims }, node.input(0));
  };
}

function argReduction(mode: 'max' | 'min'): LowerNode {
  return (node) => {
    const axis = node.inputs.length > 1 ? node.number(1) : 0;
    const operator = { kind: 'argReduce', mode, axis, keepDims: false, last: false } as const;
    return node.emit(operator, node.input(0));
  };
}

function cumulation(mode: 'sum' | 'prod'): LowerNode {
  return (node) => {
    const exclusive = node.attributes.bool('exclusive');
    const reverse = node.attributes.bool('reverse');
    const operator = { kind: 'cumulate', mode, axis: node.number(1), exclusive, reverse } as const;
    return node.emit(operator, node.input(0));
  };
}

const topK: LowerNode = (node) => {
  const k = node.inputs.length > 1 ? node.number(1) : node.attributes.int('k', 1);
  return node.emitAll({ kind: 'topK', k, axis: -1, largest: true }, [node.input(0)]);
};

/** Source: reduction.json and evaluation.json of tfjs-converter 4.22. */
export const REDUCTIONS: LoweringTable = {
  Sum: reduction('sum'),
  Mean: reduction('mean'),
  Max: reduction('max'),
  Min: reduction('min'),
  Prod: reduction('prod'),
  Any: reduction('any'),
  All: reduction('all'),
  EuclideanNorm: reduction('l2'),
  ArgMax: argReduction('max'),
  ArgMin: argReduction('min'),
  Cumsum: cumulation('sum'),
  Cumprod: cumulation('prod'),
  TopK: topK,
  TopKV2: topK,
};
