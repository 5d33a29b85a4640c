import * as tf from '@tensorflow/tfjs-core';

/** Kernels with a list of outputs, whose gradients the engine hands a lone one without its list. */
const LISTED = ['SplitV', 'Unpack'];

/** Puts right gradients that the engine gets wrong, once a process, whatever the backend. */
export function registerGradients(): void {
  for (const kernelName of LISTED) {
    const config = tf.getGradient(kernelName);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      ...config,
      gradFunc: (dy, saved, attributes) =>
        config.gradFunc(Array.isArray(dy) ? dy : [dy], saved, attributes),
    });
  }
}
