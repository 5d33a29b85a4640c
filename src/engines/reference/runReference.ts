import type { OpaqueOperator, Operator } from '../../core/graph/operators/operator';
import { referenceActivation } from './referenceActivation';
import { at, atBroadcast, build, type ReferenceArray, required } from './referenceArray';
import {
  referenceConvolution,
  referenceDepthwise,
  referenceTransposedConvolution,
} from './referenceConvolution';
import {
  referenceCompare,
  referenceLogical,
  referenceMerge,
  referenceSelect,
  referenceUnary,
} from './referenceElementwise';
import { referenceDense, referenceMatMul } from './referenceLinear';
import {
  referenceBatchNormalization,
  referenceGroupNormalization,
  referenceLayerNormalization,
  referenceLocalResponse,
} from './referenceNormalization';
import { referenceGlobalPool, referencePool } from './referencePool';
import { referenceRecurrent } from './referenceRecurrent';
import {
  referenceArgReduce,
  referenceCumulate,
  referenceReduce,
  referenceTopK,
} from './referenceReduction';
import { referenceDepthToSpace, referenceResize, referenceSpaceToDepth } from './referenceResize';
import {
  referenceConcatenate,
  referenceExpand,
  referenceFlatten,
  referenceGather,
  referenceGatherElements,
  referenceOneHot,
  referencePad,
  referenceReshape,
  referenceSlice,
  referenceSplit,
  referenceTile,
  referenceTranspose,
} from './referenceShape';

type Known = Exclude<Operator, OpaqueOperator>;
type Inputs = readonly (ReferenceArray | null)[];

/**
 * What an operator gives in inference, by plain loops in double precision, written from the definitions
 * and as slow as they are: the judge of the engines. Cost: for each output element all that it is made of.
 * @throws Error where inputs do not fit, which inferOutputs tells beforehand.
 */
export function runReference(operator: Known, inputs: Inputs): readonly ReferenceArray[] {
  switch (operator.kind) {
    case 'split':
      return referenceSplit(operator, required(inputs, 0));
    case 'topK':
      return referenceTopK(operator, required(inputs, 0));
    case 'recurrent':
      return referenceRecurrent(operator, inputs);
    default:
      return [runOne(operator, inputs)];
  }
}

type OneOutput = Exclude<Known, { readonly kind: 'split' | 'topK' | 'recurrent' }>;

function runOne(operator: OneOutput, inputs: Inputs): ReferenceArray {
  switch (operator.kind) {
    case 'dense':
      return referenceDense(operator, inputs);
    case 'matMul':
      return referenceMatMul(operator, inputs);
    case 'convolution':
      return referenceConvolution(operator, inputs);
    case 'depthwiseConvolution':
      return referenceDepthwise(operator, inputs);
    case 'transposedConvolution':
      return referenceTransposedConvolution(operator, inputs);
    case 'batchNormalization':
      return referenceBatchNormalization(operator, inputs);
    case 'layerNormalization':
      return referenceLayerNormalization(operator, inputs);
    case 'groupNormalization':
      return referenceGroupNormalization(operator, inputs);
    case 'merge':
      return referenceMerge(operator, inputs);
    case 'compare':
      return referenceCompare(operator, inputs);
    case 'logical':
      return referenceLogical(operator, inputs);
    case 'select':
      return referenceSelect(inputs);
    case 'concatenate':
      return referenceConcatenate(operator, inputs);
    case 'gather':
      return referenceGather(operator, inputs);
    case 'gatherElements':
      return referenceGatherElements(operator, inputs);
    case 'prelu':
      return referencePRelu(inputs);
    case 'fill':
      return build(operator.shape, operator.type, () => operator.value);
    default:
      return runUnaryOperator(operator, required(inputs, 0));
  }
}

type OneInput = Exclude<
  OneOutput,
  {
    readonly kind:
      | 'dense'
      | 'matMul'
      | 'convolution'
      | 'depthwiseConvolution'
      | 'transposedConvolution'
      | 'batchNormalization'
      | 'layerNormalization'
      | 'groupNormalization'
      | 'merge'
      | 'compare'
      | 'logical'
      | 'select'
      | 'concatenate'
      | 'gather'
      | 'gatherElements'
      | 'prelu'
      | 'fill';
  }
>;

function runUnaryOperator(operator: OneInput, x: ReferenceArray): ReferenceArray {
  switch (operator.kind) {
    case 'identity':
    case 'dropout':
      return x;
    case 'cast':
      return build(x.shape, operator.to, (place) => at(x, place));
    case 'activation':
      return referenceActivation(operator.function, x);
    case 'unary':
      return referenceUnary(operator.function, x);
    case 'pool':
      return referencePool(operator, x);
    case 'globalPool':
      return referenceGlobalPool(operator, x);
    case 'localResponseNormalization':
      return referenceLocalResponse(operator, x);
    case 'reduce':
      return referenceReduce(operator, x);
    case 'argReduce':
      return referenceArgReduce(operator, x);
    case 'cumulate':
      return referenceCumulate(operator, x);
    case 'flatten':
      return referenceFlatten(operator, x);
    case 'reshape':
      return referenceReshape(operator, x);
    case 'transpose':
      return referenceTranspose(operator, x);
    case 'slice':
      return referenceSlice(operator, x);
    case 'oneHot':
      return referenceOneHot(operator, x);
    case 'expand':
      return referenceExpand(operator, x);
    case 'tile':
      return referenceTile(operator, x);
    case 'pad':
      return referencePad(operator, x);
    case 'reverse':
      return referenceReverse(operator.axes, x);
    case 'resize':
      return referenceResize(operator, x);
    case 'depthToSpace':
      return referenceDepthToSpace(operator, x);
    case 'spaceToDepth':
      return referenceSpaceToDepth(operator, x);
  }
}

function referenceReverse(axes: readonly number[], x: ReferenceArray): ReferenceArray {
  const turned = new Set(axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
  return build(x.shape, x.type, (place) =>
    at(
      x,
      place.map((index, axis) => (turned.has(axis) ? (x.shape[axis] ?? 1) - 1 - index : index)),
    ),
  );
}

function referencePRelu(inputs: Inputs): ReferenceArray {
  const [x, slope] = [required(inputs, 0), required(inputs, 1)];
  return build(x.shape, x.type, (place) => {
    const value = at(x, place);
    return value > 0 ? value : value * atBroadcast(slope, place);
  });
}
