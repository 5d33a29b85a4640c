import type { Sides } from '../../graph/operators/linear';
import type { FlattenOperator, PadOperator, ReshapeOperator } from '../../graph/operators/shape';
import type { ConfigFields } from './configFields';
import { readDataFormat } from './kernelOperators';

/** Flatten. */
export function flattenOperator(config: ConfigFields): FlattenOperator {
  return { kind: 'flatten', dataFormat: readDataFormat(config) };
}

/** Reshape: the batch is kept; `target_shape` is one sample's, with one entry open (-1 or null) at most. */
export function reshapeOperator(config: ConfigFields): ReshapeOperator {
  const sampleShape = config.list('target_shape').map((size) => (size === null ? -1 : size));
  const open = sampleShape.filter((size) => size === -1).length;
  if (!sampleShape.every(isSize) || open > 1) {
    throw config.bad('target_shape', 'whole numbers, one of them -1 at most');
  }
  return { kind: 'reshape', shape: [0, ...sampleShape] };
}

function isSize(size: unknown): size is number {
  return typeof size === 'number' && Number.isSafeInteger(size) && (size === -1 || size > 0);
}

/** ZeroPadding2D: one number, [height, width], or [[top, bottom], [left, right]]. */
export function zeroPadding2dOperator(config: ConfigFields): PadOperator {
  const [rows, columns] = twoOf(config.raw('padding') ?? 1);
  const image = [readSides(config, rows), readSides(config, columns)];
  const none: Sides = [0, 0];
  const isLast = readDataFormat(config) === 'channelsLast';
  const sides = isLast ? [none, ...image, none] : [none, none, ...image];
  return { kind: 'pad', mode: 'constant', sides, value: 0 };
}

function readSides(config: ConfigFields, value: unknown): Sides {
  const [before, after] = twoOf(value);
  if (!isPadding(before) || !isPadding(after)) {
    throw config.bad('padding', 'whole numbers from 0: one, [height, width], or two pairs');
  }
  return [before, after];
}

function twoOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value, value];
}

function isPadding(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
