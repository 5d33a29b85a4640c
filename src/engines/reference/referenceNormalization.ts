import type {
  BatchNormalizationOperator,
  GroupNormalizationOperator,
  LayerNormalizationOperator,
  LocalResponseNormalizationOperator,
} from '../../core/graph/operators/normalization';
import {
  at,
  atOr,
  axisFrom,
  build,
  type Place,
  placesOf,
  range,
  type ReferenceArray,
  required,
  sum,
} from './referenceArray';
import { imageParts, imagePlace } from './referenceImage';

type Inputs = readonly (ReferenceArray | null)[];

/** Source: ONNX BatchNormalization. */
export function referenceBatchNormalization(
  operator: BatchNormalizationOperator,
  inputs: Inputs,
): ReferenceArray {
  const x = required(inputs, 0);
  const [, gamma = null, beta = null] = inputs;
  const [mean, variance] = [required(inputs, 3), required(inputs, 4)];
  const axis = axisFrom(operator.axis, x.shape.length);
  return build(x.shape, 'float32', (place) => {
    const channel = [place[axis] ?? 0];
    const deviation = Math.sqrt(at(variance, channel) + operator.epsilon);
    const normal = (at(x, place) - at(mean, channel)) / deviation;
    return scaled(normal, channel, gamma, beta);
  });
}

function scaled(
  normal: number,
  place: Place,
  gamma: ReferenceArray | null,
  beta: ReferenceArray | null,
): number {
  return normal * (gamma === null ? 1 : at(gamma, place)) + (beta === null ? 0 : at(beta, place));
}

/** Sources: ONNX LayerNormalization and RMSNormalization. */
export function referenceLayerNormalization(
  operator: LayerNormalizationOperator,
  inputs: Inputs,
): ReferenceArray {
  const x = required(inputs, 0);
  const [, gamma = null, beta = null] = inputs;
  const axes = operator.axes.map((axis) => axisFrom(axis, x.shape.length));
  const sizes = axes.map((axis) => x.shape[axis] ?? 1);
  return build(x.shape, 'float32', (place) => {
    const own = [...placesOf(sizes)].map((inside) =>
      at(
        x,
        place.map((index, axis) =>
          axes.includes(axis) ? (inside[axes.indexOf(axis)] ?? 0) : index,
        ),
      ),
    );
    const normal = normalized(at(x, place), own, operator);
    const parameter = axes.map((axis) => place[axis] ?? 0);
    return scaled(normal, parameter, gamma, beta);
  });
}

function normalized(
  value: number,
  own: readonly number[],
  { epsilon, rms }: { readonly epsilon: number; readonly rms: boolean },
): number {
  const mean = rms ? 0 : sum(own) / own.length;
  const variance = sum(own.map((other) => (other - mean) ** 2)) / own.length;
  return (value - mean) / Math.sqrt(variance + epsilon);
}

/** Source: ONNX GroupNormalization (version 21: gamma and beta by channel). */
export function referenceGroupNormalization(
  operator: GroupNormalizationOperator,
  inputs: Inputs,
): ReferenceArray {
  const x = required(inputs, 0);
  const [, gamma = null, beta = null] = inputs;
  const { dataFormat: format, epsilon } = operator;
  const image = imageParts(format, x.shape);
  const groups = operator.groups === -1 ? image.channel : operator.groups;
  const size = image.channel / groups;
  return build(x.shape, 'float32', (place) => {
    const { batch, channel } = imageParts(format, place);
    const first = Math.floor(channel / size) * size;
    const own = range(size).flatMap((i) =>
      [...placesOf(image.spatial)].map((spatial) =>
        at(x, imagePlace(format, { batch, channel: first + i, spatial })),
      ),
    );
    const normal = normalized(at(x, place), own, { epsilon, rms: false });
    return scaled(normal, [channel], gamma, beta);
  });
}

/** Source: ONNX LRN. */
export function referenceLocalResponse(
  operator: LocalResponseNormalizationOperator,
  x: ReferenceArray,
): ReferenceArray {
  const { dataFormat: format, size, alpha, beta, bias } = operator;
  const first = -Math.floor((size - 1) / 2);
  return build(x.shape, 'float32', (place) => {
    const parts = imageParts(format, place);
    const squares = range(size).map((i) => {
      const channel = parts.channel + first + i;
      return atOr(x, imagePlace(format, { ...parts, channel }), 0) ** 2;
    });
    return at(x, place) / (bias + (alpha / size) * sum(squares)) ** beta;
  });
}
