import {
  depthToSpaceCase,
  globalPoolCase,
  poolCase,
  resizeCase,
  spaceToDepthCase,
} from './cases/imageCases';
import {
  activationCase,
  castCase,
  compareCase,
  logicalCase,
  mergeCase,
  preluCase,
  selectCase,
  unaryCase,
} from './cases/elementwiseCases';
import {
  convolutionCase,
  denseCase,
  depthwiseCase,
  matMulCase,
  transposedCase,
} from './cases/linearCases';
import {
  batchNormalizationCase,
  groupNormalizationCase,
  layerNormalizationCase,
  localResponseCase,
} from './cases/normalizationCases';
import { recurrentCase } from './cases/recurrentCases';
import { argReduceCase, cumulateCase, reduceCase, topKCase } from './cases/reductionCases';
import {
  concatenateCase,
  dropoutCase,
  expandCase,
  fillCase,
  flattenCase,
  gatherCase,
  gatherElementsCase,
  identityCase,
  oneHotCase,
  padCase,
  reshapeCase,
  reverseCase,
  sliceCase,
  splitCase,
  tileCase,
  transposeCase,
} from './cases/shapeCases';
import type { ConformanceCase, MakeCase, OperatorKind } from './conformanceCase';
import { Draw } from './draw';

/** How cases of an operator are made, and how many: each mode several times. */
const MAKERS: { readonly [K in OperatorKind]: readonly [count: number, make: MakeCase<K>] } = {
  activation: [87, activationCase],
  argReduce: [24, argReduceCase],
  batchNormalization: [24, batchNormalizationCase],
  cast: [18, castCase],
  compare: [36, compareCase],
  concatenate: [24, concatenateCase],
  convolution: [80, convolutionCase],
  cumulate: [32, cumulateCase],
  dense: [24, denseCase],
  depthToSpace: [16, depthToSpaceCase],
  depthwiseConvolution: [48, depthwiseCase],
  dropout: [8, dropoutCase],
  expand: [24, expandCase],
  fill: [12, fillCase],
  flatten: [24, flattenCase],
  gather: [32, gatherCase],
  gatherElements: [24, gatherElementsCase],
  globalPool: [24, globalPoolCase],
  groupNormalization: [24, groupNormalizationCase],
  identity: [8, identityCase],
  layerNormalization: [32, layerNormalizationCase],
  localResponseNormalization: [24, localResponseCase],
  logical: [18, logicalCase],
  matMul: [48, matMulCase],
  merge: [112, mergeCase],
  oneHot: [24, oneHotCase],
  pad: [48, padCase],
  pool: [80, poolCase],
  prelu: [16, preluCase],
  recurrent: [48, recurrentCase],
  reduce: [104, reduceCase],
  reshape: [24, reshapeCase],
  resize: [75, resizeCase],
  reverse: [24, reverseCase],
  select: [32, selectCase],
  slice: [48, sliceCase],
  spaceToDepth: [16, spaceToDepthCase],
  split: [24, splitCase],
  tile: [24, tileCase],
  topK: [32, topKCase],
  transposedConvolution: [64, transposedCase],
  transpose: [32, transposeCase],
  unary: [84, unaryCase],
};

export const OPERATOR_KINDS = Object.keys(MAKERS) as OperatorKind[];

/** The same cases each time, each from a seed of its own. */
export function conformanceCases(kind: OperatorKind): readonly ConformanceCase[] {
  const [count, make] = MAKERS[kind];
  const first = OPERATOR_KINDS.indexOf(kind) * 1000;
  return Array.from({ length: count }, (_, index) => make(new Draw(first + index), index));
}
