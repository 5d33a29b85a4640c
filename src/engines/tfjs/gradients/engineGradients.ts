import * as tf from '@tensorflow/tfjs-core';

export interface EngineGradients {
  readonly value: tf.Tensor;
  /** By x; null where the value does not depend on it. */
  readonly gradients: readonly (tf.Tensor | null)[];
}

/**
 * The engine's reverse mode, which frees what its tape kept also where a gradient throws.
 * @param xs distinct; at least one
 * @param outputGradient of the value's shape; ones without it
 */
export function engineGradients(
  run: () => tf.Tensor,
  xs: readonly tf.Tensor[],
  outputGradient?: tf.Tensor,
): EngineGradients {
  const { state } = tf.engine();
  try {
    const { value, grads } = tf.engine().gradients(run, [...xs], outputGradient, true);
    return { value, gradients: (grads as (tf.Tensor | undefined)[]).map((one) => one ?? null) };
  } catch (error) {
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape) for (const tensor of saved ?? []) tensor.dispose();
      state.activeTape = [];
    }
    throw error;
  }
}
