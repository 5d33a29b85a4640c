import type { TensorEntry } from '../../model/model';

/** Names of the variables that Keras 3 stores by number, in its order, by the class in snake case. */
const BY_CLASS: Readonly<Record<string, readonly string[]>> = {
  embedding: ['embeddings'],
  layer_scale: ['gamma'],
  normalization: ['mean', 'variance', 'count'],
  rms_normalization: ['scale'],
  separable_conv1d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
  separable_conv2d: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
  // The inner layer's kernel stands here again; only the one there is read.
  spectral_normalization: ['normalized_kernel', 'vector_u'],
  p_re_lu: ['alpha'],
  additive_attention: ['scale'],
  cell: ['kernel', 'recurrent_kernel', 'bias'],
  lstm_cell: ['kernel', 'recurrent_kernel', 'bias'],
  gru_cell: ['kernel', 'recurrent_kernel', 'bias'],
  simple_rnn_cell: ['kernel', 'recurrent_kernel', 'bias'],
};

/** What a layer's configuration says of variables that may be left out. */
export interface VariableFlags {
  readonly scale: boolean;
  readonly center: boolean;
  /** Of attention. */
  readonly useScale: boolean;
}

/**
 * The names of an object's variables, which Keras 3 stores as vars/0, vars/1 and so on.
 * @param objectName the last part of the object's path: a class in snake case, or an attribute's name
 * @param variables in the order of their numbers
 * Source: save_own_variables and build of the layers of Keras 3.15.
 */
export function variableNames(
  objectName: string,
  variables: readonly TensorEntry[],
  flags: VariableFlags,
): readonly string[] {
  const className = objectName.replace(/_\d+$/, '');
  const known = Object.hasOwn(BY_CLASS, className) ? BY_CLASS[className] : undefined;
  const names =
    flaggedNames(className, variables.length, flags) ?? known ?? namesByShape(variables);
  return variables.map((_, i) => names[i] ?? `var${i}`);
}

/** Of classes that have variables only where they are told so; null for others. */
function flaggedNames(
  className: string,
  count: number,
  flags: VariableFlags,
): readonly string[] | null {
  switch (className) {
    case 'batch_normalization':
      return batchNormalizationNames(count, flags);
    case 'layer_normalization':
    case 'group_normalization':
      return [...(flags.scale ? ['gamma'] : []), ...(flags.center ? ['beta'] : [])];
    case 'attention':
      return [...(flags.useScale ? ['scale'] : []), 'concat_score_weight'];
    default:
      return null;
  }
}

function batchNormalizationNames(count: number, flags: VariableFlags): readonly string[] {
  const statistics = ['moving_mean', 'moving_variance'];
  if (count === 4) return ['gamma', 'beta', ...statistics];
  return [...(flags.scale ? ['gamma'] : flags.center ? ['beta'] : []), ...statistics].slice(-count);
}

/** A kernel and its bias, as nearly all layers have them; vectors alone scale and shift. */
function namesByShape(variables: readonly TensorEntry[]): readonly string[] {
  const [first] = variables;
  if (first === undefined) return [];
  if (first.shape.length >= 2) return ['kernel', 'bias'];
  const vectors = variables.length === 2 && variables.every(({ shape }) => shape.length === 1);
  return vectors ? ['gamma', 'beta'] : [];
}
