import type { ActivationFunction } from '../../graph/graph';
import { describeJson, isJsonObject } from '../parseJson';
import { type ConfigFields, malformed } from './configFields';

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
  sparsemax: { name: 'sparsemax', axis: -1 },
};

/** Keras 3 redefined hard_sigmoid as relu6(x + 3) / 6. */
const HARD_SIGMOID: Readonly<Record<KerasGeneration, ActivationFunction>> = {
  2: { name: 'hardSigmoid', slope: 0.2, offset: 0.5 },
  3: { name: 'hardSigmoid', slope: 1 / 6, offset: 0.5 },
};

/**
 * The function of a layer's `activation`: a name, or the object Keras 3 writes for a function.
 * @returns null for a name that Keras does not know (a custom function).
 * @throws FormatError when the field is neither.
 */
export function readActivation(
  config: ConfigFields,
  generation: KerasGeneration,
): ActivationFunction | null {
  const value = config.raw('activation') ?? 'linear';
  const name = activationName(value);
  if (name === null) {
    throw malformed(`${config.place}: activation`, describeJson(value), 'the name of a function');
  }
  // A layer or a function with settings of its own is not what the bare name means.
  if (isJsonObject(value) && typeof value['config'] !== 'string') return null;
  const plain = toSnakeCase(name);
  if (plain === 'hard_sigmoid') return HARD_SIGMOID[generation];
  return Object.hasOwn(FUNCTIONS, plain) ? (FUNCTIONS[plain] ?? null) : null;
}

/** The name of an activation of either style; null when there is none. */
function activationName(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return null;
  const { config, class_name: className } = value;
  if (typeof config === 'string') return config;
  return typeof className === 'string' ? className : null;
}

function toSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();
}

/** How the activation is called in the file, for messages. */
export function describeActivation(config: ConfigFields): string {
  return activationName(config.raw('activation') ?? 'linear') ?? 'activation';
}
