import type * as tf from '@tensorflow/tfjs-core';
import { FormatError } from '../../core/errors';

/** What a node reads: null for an optional input that is absent. */
export type NodeInputs = readonly (tf.Tensor | null)[];

/** @throws FormatError where the input, which the operator needs, is absent. */
export function requiredInput(inputs: NodeInputs, index: number, operator: string): tf.Tensor {
  const input = inputs[index];
  if (input !== null && input !== undefined) return input;
  throw new FormatError({
    format: 'graph',
    place: `operator ${operator}`,
    found: `no input ${index}`,
    allowed: 'one: it is not optional',
  });
}
