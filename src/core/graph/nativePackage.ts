/** The native package, which is never a dependency: it is large, and its install downloads a library. */
export const NATIVE_PACKAGE = '@tensorflow/tfjs-node';

/**
 * The one version that fits: TensorFlow.js keeps its kernels and gradients on the global object, so
 * the native package's core must be the one that is bundled here.
 */
export const NATIVE_VERSION = '4.22.0';
