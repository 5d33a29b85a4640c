import type { ActivationFunction } from './operators/activation';

/** 2 also stands for TensorFlow.js, which kept the definitions of Keras 2. */
export type KerasGeneration = 2 | 3;

const relu = { name: 'relu', max: null, negativeSlope: 0, threshold: 0 } as const;

/** What each name means in both generations, with Keras' own defaults. */
const FUNCTIONS: Readonly<Record<string, ActivationFunction>> = {
  linear: { name: 'linear' },
  relu,
  relu6: { ...relu, max: 6 },
  leaky_relu: { ...relu, negativeSlope: 0.2 },
  elu: { name: 'elu', alpha: 1 },
  celu: { name: 'celu', alpha: 1 },
  selu: { name: 'selu' },
  gelu: { name: 'gelu', approximate: false },
  gelu_new: { name: 'gelu', approximate: true },
  sigmoid: { name: 'sigmoid' },
  log_sigmoid: { name: 'logSigmoid' },
  tanh: { name: 'tanh' },
  hard_tanh: { name: 'hardTanh' },
  tanh_shrink: { name: 'tanhShrink' },
  soft_shrink: { name: 'softShrink', threshold: 0.5 },
  hard_shrink: { name: 'hardShrink', threshold: 0.5 },
  softplus: { name: 'softplus' },
  softsign: { name: 'softsign' },
  squareplus: { name: 'squareplus', b: 4 },
  sparse_plus: { name: 'sparsePlus' },
  sparse_sigmoid: { name: 'hardSigmoid', slope: 0.5, offset: 0.5 },
  swish: { name: 'swish' },
  silu: { name: 'swish' },
  hard_swish: { name: 'hardSwish' },
  hard_silu: { name: 'hardSwish' },
  mish: { name: 'mish' },
  glu: { name: 'glu', axis: -1 },
  exponential: { name: 'exponential' },
  softmax: { name: 'softmax', axis: -1 },
  log_softmax: { name: 'logSoftmax', axis: -1 },
  sparsemax: { name: 'sparsemax', axis: -1, form: 'keras' },
};

/** Keras 3 redefined hard_sigmoid as relu6(x + 3) / 6. */
const HARD_SIGMOID: Readonly<Record<KerasGeneration, ActivationFunction>> = {
  2: { name: 'hardSigmoid', slope: 0.2, offset: 0.5 },
  3: { name: 'hardSigmoid', slope: 1 / 6, offset: 0.5 },
};

/**
 * What Keras means by the name of an activation, in snake or camel case.
 * @returns null for a name that Keras does not know.
 */
export function kerasActivation(
  name: string,
  generation: KerasGeneration,
): ActivationFunction | null {
  const plain = name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();
  if (plain === 'hard_sigmoid') return HARD_SIGMOID[generation];
  return Object.hasOwn(FUNCTIONS, plain) ? (FUNCTIONS[plain] ?? null) : null;
}

/** Every name that {@link kerasActivation} knows, for messages. */
export const KERAS_ACTIVATION_NAMES: readonly string[] = [
  ...Object.keys(FUNCTIONS),
  'hard_sigmoid',
].sort();
