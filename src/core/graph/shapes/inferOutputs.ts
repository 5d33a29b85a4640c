import type { ElementType } from '../graph';
import type { Operator } from '../operators/operator';
import {
  concatenatedShape,
  expandedShape,
  gatheredShape,
  matMulShape,
  oneHotShape,
  paddedShape,
  reducedShape,
  reshapedShape,
  slicedShape,
  splitShapes,
  tiledShape,
  transposedShape,
} from './arrayShapes';
import { assertInputs } from './assertInputs';
import { broadcastShapes } from './broadcast';
import {
  convolutionShape,
  depthToSpaceShape,
  depthwiseShape,
  globalPoolShape,
  poolShape,
  resizeShape,
  spaceToDepthShape,
  transposedConvolutionShape,
} from './imageShapes';
import { recurrentShapes } from './recurrentShapes';
import {
  type Misfit,
  productOf,
  requireSize,
  resolveAxis,
  type Shape,
  type ValueFacts,
} from './valueFacts';

/**
 * What an operator makes of inputs of which shape and type are known; null for an opaque one. Open sizes
 * (-1) fit everything.
 * @param inputs in the operator's order; null for an absent one
 * @throws what `misfit` makes where the inputs do not fit.
 */
export function inferOutputs(
  operator: Operator,
  inputs: readonly (ValueFacts | null)[],
  misfit: Misfit,
): readonly ValueFacts[] | null {
  if (operator.kind === 'opaque') return null;
  const given = inputs.filter((input) => input !== null);
  if (inputs.length === 0 && operator.kind !== 'fill') throw misfit('no inputs', 'one or more');
  assertInputs(operator, inputs, misfit);
  const shapes = outputShapes(
    operator,
    inputs.map((input) => input?.shape ?? []),
    misfit,
  );
  return shapes.map((shape, i) => ({ shape, type: outputType(operator, given, i) }));
}

function outputType(
  operator: Operator,
  inputs: readonly ValueFacts[],
  output: number,
): ElementType {
  switch (operator.kind) {
    case 'cast':
      return operator.to;
    case 'compare':
    case 'logical':
      return 'bool';
    case 'fill':
      return operator.type;
    case 'select':
      return widest(inputs.slice(1).map(({ type }) => type));
    case 'dense':
    case 'convolution':
    case 'depthwiseConvolution':
    case 'transposedConvolution':
    case 'recurrent':
      return 'float32';
    case 'matMul':
      return inputs.some(({ type }) => type === 'float32') ? 'float32' : 'int32';
    case 'argReduce':
      return 'int32';
    case 'reduce':
      return ['any', 'all'].includes(operator.mode) ? 'bool' : (inputs[0]?.type ?? 'float32');
    case 'concatenate':
    case 'merge':
      return widest(inputs.map(({ type }) => type));
    case 'topK':
      return output === 1 ? 'int32' : (inputs[0]?.type ?? 'float32');
    case 'oneHot':
      return 'float32';
    case 'unary':
      return ['not', 'isNaN', 'isInf'].includes(operator.function)
        ? 'bool'
        : (inputs[0]?.type ?? 'float32');
    default:
      return inputs[0]?.type ?? 'float32';
  }
}

function widest(types: readonly ElementType[]): ElementType {
  if (types.includes('float32')) return 'float32';
  return types.includes('int32') ? 'int32' : 'bool';
}

type Known = Exclude<Operator, { readonly kind: 'opaque' }>;

/** Shapes of absent inputs are empty. */
function outputShapes(operator: Known, inputs: readonly Shape[], misfit: Misfit): readonly Shape[] {
  const [input = [], second = [], third = []] = inputs;
  switch (operator.kind) {
    case 'dense': {
      const [a = -1, b = -1] = second;
      const [from, to] = operator.kernelLayout === 'in-out' ? [a, b] : [b, a];
      requireSize(input.at(-1), from, 'values on the last axis', misfit);
      return [[...input.slice(0, -1), to]];
    }
    case 'matMul':
      return [matMulShape(input, second, operator, misfit)];
    case 'convolution':
      return [convolutionShape(operator, input, second, misfit)];
    case 'depthwiseConvolution':
      return [depthwiseShape(operator, input, second, misfit)];
    case 'transposedConvolution':
      return [transposedConvolutionShape(operator, input, second, misfit)];
    case 'pool':
      return [poolShape(operator, input, misfit)];
    case 'globalPool':
      return [globalPoolShape(operator, input, misfit)];
    case 'batchNormalization': {
      const axis = resolveAxis(operator.axis, input.length, misfit);
      requireSize(inputs[3]?.[0], input[axis] ?? -1, 'values of the mean', misfit);
      return [input];
    }
    case 'layerNormalization':
    case 'groupNormalization':
    case 'localResponseNormalization':
    case 'identity':
    case 'dropout':
    case 'unary':
    case 'cast':
    case 'cumulate':
    case 'reverse':
      return [input];
    case 'activation':
      if (operator.function.name !== 'glu') return [input];
      return [halved(input, operator.function.axis, misfit)];
    case 'prelu':
    case 'compare':
    case 'logical':
      return [broadcastShapes(input, second, 'leading', misfit)];
    case 'select': {
      const values = broadcastShapes(second, third, 'leading', misfit);
      return [broadcastShapes(input, values, 'leading', misfit)];
    }
    case 'merge':
      return [inputs.reduce((a, b) => broadcastShapes(a, b, operator.alignment, misfit))];
    case 'reduce':
      return [reducedShape(operator.axes, operator.keepDims, input, misfit)];
    case 'argReduce':
      return [reducedShape([operator.axis], operator.keepDims, input, misfit)];
    case 'topK': {
      const shape = input.with(resolveAxis(operator.axis, input.length, misfit), operator.k);
      return [shape, shape];
    }
    case 'flatten':
      return [[input[0] ?? -1, productOf(input.slice(1))]];
    case 'reshape':
      return [reshapedShape(operator, input, misfit)];
    case 'transpose':
      return [transposedShape(operator, input, misfit)];
    case 'concatenate':
      return [concatenatedShape(inputs, operator.axis, misfit)];
    case 'split':
      return splitShapes(operator, input, misfit);
    case 'slice':
      return [slicedShape(operator, input, misfit)];
    case 'gather':
      return [gatheredShape(operator.axis, input, second, misfit)];
    case 'gatherElements':
      return [second];
    case 'oneHot':
      return [oneHotShape(operator, input, misfit)];
    case 'expand':
      return [expandedShape(operator, input, misfit)];
    case 'tile':
      return [tiledShape(operator, input, misfit)];
    case 'pad':
      return [paddedShape(operator, input, misfit)];
    case 'fill':
      return [operator.shape];
    case 'resize':
      return [resizeShape(operator, input, misfit)];
    case 'depthToSpace':
      return [depthToSpaceShape(operator, input, misfit)];
    case 'spaceToDepth':
      return [spaceToDepthShape(operator, input, misfit)];
    case 'recurrent':
      return recurrentShapes(operator, input, second, misfit);
  }
}

function halved(shape: Shape, axis: number, misfit: Misfit): Shape {
  const at = resolveAxis(axis, shape.length, misfit);
  const size = shape[at] ?? -1;
  if (size > 0 && size % 2 !== 0) throw misfit(`an axis of ${size}`, 'an even one, to be halved');
  return shape.with(at, size < 0 ? -1 : size / 2);
}
