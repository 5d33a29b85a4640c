import * as tf from '@tensorflow/tfjs-core';
import { UnsupportedError } from '../../core/errors';
import type { GraphNode } from '../../core/graph/graph';
import { runActivation } from './operators/activation';
import { runConv2d, runDepthwiseConv2d } from './operators/convolution';
import { runDense } from './operators/dense';
import { runConcatenate, runMerge } from './operators/merge';
import { runBatchNormalization } from './operators/normalization';
import { runGlobalPool2d, runPool2d } from './operators/pooling';
import { runFlatten, runReshape, runZeroPadding2d } from './operators/shape';
import type { Parameters } from './parameters';

/**
 * One node: a new tensor, also where the operator changes nothing.
 * @throws UnsupportedError for an opaque operator.
 */
export function runNode(
  { operator, layer }: GraphNode,
  inputs: readonly tf.Tensor[],
  parameters: Parameters,
): tf.Tensor {
  const [x] = inputs;
  if (x === undefined) throw new Error(`layer ${layer} reads nothing`);
  switch (operator.kind) {
    case 'dense':
      return runDense(operator, x, parameters);
    case 'conv2d':
      return runConv2d(operator, x, parameters);
    case 'depthwiseConv2d':
      return runDepthwiseConv2d(operator, x, parameters);
    case 'pool2d':
      return runPool2d(operator, x);
    case 'globalPool2d':
      return runGlobalPool2d(operator, x);
    case 'batchNormalization':
      return runBatchNormalization(operator, x, parameters);
    case 'activation':
      return runActivation(operator.function, x);
    case 'identity':
      return tf.clone(x);
    case 'flatten':
      return runFlatten(operator, x);
    case 'reshape':
      return runReshape(operator, x);
    case 'zeroPadding2d':
      return runZeroPadding2d(operator, x);
    case 'merge':
      return runMerge(operator, inputs);
    case 'concatenate':
      return runConcatenate(operator, inputs);
    case 'opaque':
      throw new UnsupportedError({
        feature: `evaluation of layer ${layer}`,
        found: `operator ${operator.name}`,
        supported: 'dense, convolution, pooling, normalization, activation and merge layers',
      });
  }
}
