import type * as tf from '@tensorflow/tfjs-core';

/** One call of a kernel of the engine, with what is known of how its inputs move. */
export interface KernelRun {
  readonly kernel: string;
  /** By the kernel's names for them; of kernels that take a list by index. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly attributes: tf.NamedAttrMap;
  readonly outputs: readonly tf.Tensor[];
  /** In the tensor's shape; null where it does not move. */
  tangentOf(tensor: tf.Tensor): tf.Tensor | null;
  /** The kernel again, with other inputs. */
  again(inputs: Readonly<Record<string, tf.Tensor>>, attributes?: tf.NamedAttrMap): tf.Tensor[];
}

/**
 * How the outputs of a kernel move when its inputs do: the derivative along their tangents, one an output; null
 * where it does not move. At least one input has a tangent.
 */
export type TangentRule = (run: KernelRun) => readonly (tf.Tensor | null)[];

/** An input by the kernel's name for it. */
export function inputOf({ inputs, kernel }: KernelRun, name: string): tf.Tensor {
  const input = inputs[name];
  if (input === undefined) throw new Error(`kernel ${kernel} has no input ${name}`);
  return input;
}

/** The only output. */
export function outputOf({ outputs, kernel }: KernelRun): tf.Tensor {
  const [output] = outputs;
  if (output === undefined) throw new Error(`kernel ${kernel} made no output`);
  return output;
}
