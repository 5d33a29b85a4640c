import * as tf from '@tensorflow/tfjs-core';
import { FormatError, UnsupportedError } from '../../core/errors';
import type { GraphNode } from '../../core/graph/graph';
import type { OpaqueOperator, Operator } from '../../core/graph/operators/operator';
import { inferOutputs } from '../../core/graph/shapes/inferOutputs';
import { productOf } from '../../core/graph/shapes/valueFacts';
import { MAX_LIVE_BYTES, MAX_VALUE_ELEMENTS } from './limits';
import { type NodeInputs, requiredInput } from './nodeInputs';
import { runActivation, runPRelu } from './operators/activation';
import { runConvolution, runDepthwiseConvolution } from './operators/convolution';
import { runDense } from './operators/dense';
import { runDepthToSpace, runSpaceToDepth } from './operators/blocks';
import { runCast, runCompare, runLogical, runSelect } from './operators/decisions';
import { runCumulate } from './operators/cumulate';
import { runDropout } from './operators/dropout';
import { elementTypeOf } from './operators/elementTypes';
import { runExpand, runFill, runReverse, runTile } from './operators/fill';
import { runGather, runGatherElements, runOneHot } from './operators/gather';
import { runGroupNormalization, runLayerNormalization } from './operators/groupedNormalization';
import { runLocalResponseNormalization } from './operators/localResponse';
import { runMatMul } from './operators/matMul';
import { runMerge } from './operators/merge';
import { runBatchNormalization } from './operators/normalization';
import { runPad } from './operators/pad';
import { runGlobalPool, runPool } from './operators/pooling';
import { runArgReduce, runTopK } from './operators/ranking';
import { runRecurrent } from './operators/recurrent';
import { runReduce } from './operators/reduce';
import { runResize } from './operators/resize';
import { runConcatenate, runFlatten, runReshape, runSplit, runTranspose } from './operators/shape';
import { runSlice } from './operators/slice';
import { runTransposedConvolution } from './operators/transposedConvolution';
import { runUnary } from './operators/unary';
import { INFERENCE, type RunContext } from './runContext';

type Known = Exclude<Operator, OpaqueOperator>;
type ByKind = { readonly [O in Known as O['kind']]: O };
type Kind = keyof ByKind;

/** One node's work: a new tensor for each output, also where nothing changes. */
type Runner<K extends Kind> = (
  operator: ByKind[K],
  inputs: NodeInputs,
  context: RunContext,
) => tf.Tensor | readonly tf.Tensor[];

/** For operators of one input. */
function of<O extends Known>(run: (operator: O, x: tf.Tensor) => tf.Tensor) {
  return (operator: O, inputs: NodeInputs): tf.Tensor =>
    run(operator, requiredInput(inputs, 0, operator.kind));
}

const RUNNERS: { readonly [K in Kind]: Runner<K> } = {
  activation: of(({ function: activation }, x) => runActivation(activation, x)),
  argReduce: of(runArgReduce),
  batchNormalization: runBatchNormalization,
  cast: of(runCast),
  compare: runCompare,
  concatenate: runConcatenate,
  convolution: runConvolution,
  cumulate: of(runCumulate),
  dense: runDense,
  depthToSpace: of(runDepthToSpace),
  depthwiseConvolution: runDepthwiseConvolution,
  dropout: runDropout,
  expand: of(runExpand),
  fill: (operator) => runFill(operator),
  flatten: of(runFlatten),
  gather: runGather,
  gatherElements: runGatherElements,
  globalPool: of(runGlobalPool),
  groupNormalization: runGroupNormalization,
  identity: of((_, x) => tf.clone(x)),
  layerNormalization: runLayerNormalization,
  localResponseNormalization: of(runLocalResponseNormalization),
  logical: runLogical,
  matMul: runMatMul,
  merge: runMerge,
  oneHot: of(runOneHot),
  prelu: runPRelu,
  pad: of(runPad),
  pool: of(runPool),
  recurrent: runRecurrent,
  reduce: of(runReduce),
  reshape: of(runReshape),
  resize: of(runResize),
  reverse: of(runReverse),
  select: runSelect,
  slice: of(runSlice),
  spaceToDepth: of(runSpaceToDepth),
  split: (operator, inputs) => runSplit(operator, requiredInput(inputs, 0, operator.kind)),
  tile: of(runTile),
  topK: (operator, inputs) => runTopK(operator, requiredInput(inputs, 0, operator.kind)),
  transposedConvolution: runTransposedConvolution,
  transpose: of(runTranspose),
  unary: of(({ function: name }, x) => runUnary(name, x)),
};

/**
 * One node: a new tensor for each output, also where the operator changes nothing.
 * @throws UnsupportedError for an operator that the engine does not have; FormatError where inputs are absent
 *XX
 */
export function runNode(
  { operator, layer }: GraphNode,
  inputs: NodeInputs,
  context: RunContext = INFERENCE,
): readonly tf.Tensor[] {
  if (operator.kind === 'opaque') throw unknownOperator(layer, operator);
  assertRunnable(operator, layer, inputs);
  // The table gives each kind the function for it, which the compiler cannot follow from a union.
  const run = RUNNERS[operator.kind] as Runner<Kind>;
  const made = run(operator, inputs, context);
  return made instanceof tf.Tensor ? [made] : made;
}

/** The shapes of a file decide what is allocated, so they are looked at before the engine does it. */
function assertRunnable(operator: Known, layer: string, inputs: NodeInputs): void {
  const facts = inputs.map((input) =>
    input === null ? null : { shape: input.shape, type: elementTypeOf(input) },
  );
  const misfit = (found: string, allowed: string): Error =>
    new FormatError({ format: 'graph', place: `layer ${layer}`, found, allowed });
  const outputs = inferOutputs(operator, facts, misfit) ?? [];
  const counts = outputs.map(({ shape }) => productOf(shape));
  const largest = counts.reduce((a, b) => Math.max(a, b), 0);
  if (largest > MAX_VALUE_ELEMENTS) {
    throw tooLarge(layer, `an array of ${largest} elements`, `at most ${MAX_VALUE_ELEMENTS}`);
  }
  assertRoom(
    layer,
    counts.reduce((sum, count) => sum + count * ELEMENT_BYTES, 0),
  );
}

/** Of float32 and int32; bool takes less. */
const ELEMENT_BYTES = 4;

/** Only WebAssembly has an end that is near: the native engine has the machine's memory. */
function assertRoom(layer: string, wantedBytes: number): void {
  if (tf.getBackend() !== 'wasm') return;
  const bytes = tf.memory().numBytes + wantedBytes;
  if (bytes <= MAX_LIVE_BYTES) return;
  const supported = `at most ${MAX_LIVE_BYTES}, for which WebAssembly has room`;
  throw tooLarge(layer, `values of ${bytes} bytes at a time`, supported);
}

function tooLarge(layer: string, found: string, supported: string): UnsupportedError {
  return new UnsupportedError({ feature: `evaluation of layer ${layer}`, found, supported });
}

function unknownOperator(layer: string, { name, reason }: OpaqueOperator): UnsupportedError {
  return new UnsupportedError({
    feature: `evaluation of layer ${layer}`,
    found: `operator ${name}${reason === undefined ? '' : ` (${reason})`}`,
    supported: Object.keys(RUNNERS).sort().join(', '),
  });
}
