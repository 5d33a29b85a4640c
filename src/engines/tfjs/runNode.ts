import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../core/errors';
import type { GraphNode } from '../../core/graph/graph';
import type { OpaqueOperator, Operator } from '../../core/graph/operators/operator';
import { runActivation } from './operators/activation';
import { runConvolution, runDepthwiseConvolution } from './operators/convolution';
import { runDense } from './operators/dense';
import { runConcatenate, runMerge } from './operators/merge';
import { runBatchNormalization } from './operators/normalization';
import { runPad } from './operators/pad';
import { runGlobalPool, runPool } from './operators/pooling';
import { runFlatten, runReshape } from './operators/shape';

/** What a node reads: null for an optional input that is absent. */
export type NodeInputs = readonly (tf.Tensor | null)[];

/**
 * One node: a new tensor for each output, also where the operator changes nothing.
 * @throws UnsupportedError for an operator that the engine does not have.
 */
export function runNode({ operator, layer }: GraphNode, inputs: NodeInputs): readonly tf.Tensor[] {
  if (operator.kind === 'opaque') throw unknownOperator(layer, operator);
  return runOperator(operator, inputs, layer);
}

function runOperator(
  operator: Exclude<Operator, OpaqueOperator>,
  inputs: NodeInputs,
  layer: string,
): readonly tf.Tensor[] {
  const given = inputs.filter((input) => input !== null);
  const [x, second] = given;
  if (x === undefined) throw new Error(`layer ${layer} reads nothing`);
  switch (operator.kind) {
    case 'dense':
      return [runDense(operator, x, inputs)];
    case 'convolution':
      return [runConvolution(operator, x, inputs)];
    case 'depthwiseConvolution':
      return [runDepthwiseConvolution(operator, x, inputs)];
    case 'pool':
      return [runPool(operator, x)];
    case 'globalPool':
      return [runGlobalPool(operator, x)];
    case 'batchNormalization':
      return [runBatchNormalization(operator, x, inputs)];
    case 'activation':
      return [runActivation(operator.function, x)];
    case 'identity':
    case 'dropout':
      return [tf.clone(x)];
    case 'flatten':
      return [runFlatten(operator, x)];
    case 'reshape':
      return [runReshape(operator, x)];
    case 'pad':
      return [runPad(operator, x)];
    case 'merge':
      return [runMerge(operator, given)];
    case 'concatenate':
      return [runConcatenate(operator, given)];
    case 'matMul':
      return [tf.matMul(x, second ?? x, operator.transposeA, operator.transposeB)];
    default:
      throw unknownOperator(layer, { kind: 'opaque', name: operator.kind });
  }
}

function unknownOperator(layer: string, { name }: OpaqueOperator): UnsupportedError {
  return new UnsupportedError({
    feature: `evaluation of layer ${layer}`,
    found: `operator ${name}`,
    supported: 'dense, convolution, pooling, normalization, activation and merge layers',
  });
}
