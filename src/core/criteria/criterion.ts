/** The field's names of what weights or units are ranked by; `docs/criteria.md` says when to use which. */
export const CRITERIA = [
  'magnitude',
  'random',
  'l1-norm',
  'l2-norm',
  'bn-scale',
  'fpgm',
  'gradient',
  'taylor',
  'taylor-squared',
  'snip',
  'grasp',
  'output-sensitivity',
  'fisher',
  'obd',
  'obs',
  'least-squares',
  'wanda',
  'sparsegpt',
  'apoz',
  'activation-mean',
  'entropy',
  'stability',
  'lamp',
] as const;

export type Criterion = (typeof CRITERIA)[number];

/**
 * What a criterion looks at.
 *
 * - `weights`: the file alone.
 * - `gradients`, `squared-gradients`, `output-gradients`, `second-derivatives`: derivatives on data; of the
 *   loss, of each sample's loss, of each output, and of the gradient.
 * - `activations`: what units give on data. `perturbations`: how that changes when the inputs do.
 * - `input-norms`, `input-products`: what a layer reads on data, as norms, or as X X^T.
 */
export type Evidence =
  | 'weights'
  | 'gradients'
  | 'squared-gradients'
  | 'output-gradients'
  | 'second-derivatives'
  | 'activations'
  | 'perturbations'
  | 'input-norms'
  | 'input-products';

/** Of scores with signs: which go first. */
export const SIGNED_ORDERS = ['lowest-first', 'highest-first'] as const;
export type SignedOrder = (typeof SIGNED_ORDERS)[number];

/** What is known of a criterion without any model. */
export interface CriterionTraits {
  /** Whether every weight has a score, or every unit (neuron, filter, hidden unit). */
  readonly ranks: 'weights' | 'units';
  readonly evidence: Evidence;
  /** Scores mean something within an output's weights only: see `selectRows`. */
  readonly comparedPer?: 'row';
  /** Scores below zero occur, and rank below zero; without it they are never negative. */
  readonly signed?: true;
  /** Whether the data must say what the network should have given. */
  readonly needsLabels?: true;
  /** Decides layer by layer which weights go, and changes those that stay. */
  readonly reconstructs?: true;
}

/** Of each criterion, what is known of it without any model. */
export const CRITERION_TRAITS: Readonly<Record<Criterion, CriterionTraits>> = {
  magnitude: { ranks: 'weights', evidence: 'weights' },
  random: { ranks: 'weights', evidence: 'weights' },
  'l1-norm': { ranks: 'units', evidence: 'weights' },
  'l2-norm': { ranks: 'units', evidence: 'weights' },
  'bn-scale': { ranks: 'units', evidence: 'weights' },
  fpgm: { ranks: 'units', evidence: 'weights' },
  gradient: { ranks: 'weights', evidence: 'gradients', needsLabels: true },
  taylor: { ranks: 'weights', evidence: 'gradients', needsLabels: true },
  'taylor-squared': { ranks: 'weights', evidence: 'gradients', needsLabels: true },
  snip: { ranks: 'weights', evidence: 'gradients', needsLabels: true },
  grasp: { ranks: 'weights', evidence: 'second-derivatives', signed: true, needsLabels: true },
  'output-sensitivity': { ranks: 'weights', evidence: 'output-gradients' },
  fisher: { ranks: 'weights', evidence: 'squared-gradients', needsLabels: true },
  obd: { ranks: 'weights', evidence: 'squared-gradients', needsLabels: true },
  obs: { ranks: 'weights', evidence: 'input-products', reconstructs: true },
  'least-squares': { ranks: 'weights', evidence: 'input-products', reconstructs: true },
  wanda: { ranks: 'weights', evidence: 'input-norms', comparedPer: 'row' },
  sparsegpt: { ranks: 'weights', evidence: 'input-products', reconstructs: true },
  apoz: { ranks: 'units', evidence: 'activations' },
  'activation-mean': { ranks: 'units', evidence: 'activations' },
  entropy: { ranks: 'units', evidence: 'activations' },
  stability: { ranks: 'units', evidence: 'perturbations' },
  lamp: { ranks: 'weights', evidence: 'weights' },
};

/** Whether a criterion must run the network on data. */
export function needsData(criterion: Criterion): boolean {
  return CRITERION_TRAITS[criterion].evidence !== 'weights';
}

/** Whether a criterion, with what is chosen within it, ranks weights or units. */
export function ranksOf(
  criterion: Criterion,
  options: CriterionOptions = {},
): CriterionTraits['ranks'] {
  if (criterion === 'taylor' && options.of === 'activations') return 'units';
  return CRITERION_TRAITS[criterion].ranks;
}

/** Which scores go first where some are below zero; null where none are: then the lowest do. */
export function signedOrder(
  criterion: Criterion,
  { hessian, order = 'lowest-first' }: CriterionOptions = {},
): SignedOrder | null {
  if (CRITERION_TRAITS[criterion].signed === true) return order;
  // The exact Hessian may bend the loss down.
  const bends = criterion === 'obd' && (hessian === 'exact' || hessian === 'hutchinson');
  return bends ? 'lowest-first' : null;
}

/** Whether scores below zero occur. */
export function isSigned(criterion: Criterion, options: CriterionOptions = {}): boolean {
  return signedOrder(criterion, options) !== null;
}

/** Whether a seed changes the scores that are found on the same data. */
export function isByChance(criterion: Criterion, { hessian }: CriterionOptions = {}): boolean {
  if (criterion === 'obd') return hessian === 'hutchinson';
  return criterion === 'random' || criterion === 'stability';
}

/** What can be chosen within a criterion. */
export interface CriterionOptions {
  /**
   * How the scores of a unit's weights make the unit's own: their sum (the default), mean, largest, the root
   * of the sum of their squares; `signed-sum` adds before it takes the absolute value (taylor).
   */
  readonly reduction?: UnitReduction;
  /**
   * Of `entropy`. Of a histogram: between the unit's own smallest and largest value (`minmax`, when absent) or from
   * 0 to 1 (`zero-one`); of being active or not; or the unit's share in that of its layer.
   */
  readonly entropy?: EntropyForm;
  /**
   * Of `taylor`: the change of the loss without a weight (when absent), or without what a unit gives: then units are
   * ranked, by the mean over samples of |a dl/da|, or with `signed-sum` by the absolute of the mean of a dl/da.
   */
  readonly of?: TaylorSubject;
  /** Of `output-sensitivity`: squared derivatives (when absent), or what the outputs change by without a weight. */
  readonly sensitivity?: SensitivityForm;
  /** Of `obd`: where the second derivatives come from; `fisher` when absent. */
  readonly hessian?: HessianSource;
  /** Of `grasp`: `highest-first` is the order of its paper; `lowest-first`, as of all criteria, when absent. */
  readonly order?: SignedOrder;
  /** Of `obd` with `hutchinson`: how many random vectors; 32 when absent. */
  readonly probes?: number;
  /** Of `obs`: each layer's own Hessian (the default), or the whole network's. */
  readonly extent?: 'layer' | 'network';
  /** Added to the Hessian's diagonal: a share of its mean (0.01 when absent), or as it is for `network` (1e-4). */
  readonly damping?: number;
  /** Of `sparsegpt`: columns whose weights are chosen together; 128 when absent. */
  readonly blockSize?: number;
  /** Of `stability`: standard deviation of the noise, as a share of each input's own; 0.1 when absent. */
  readonly sigma?: number;
}

/** See {@link CriterionOptions.reduction}. */
export const UNIT_REDUCTIONS = ['sum', 'mean', 'max', 'l2', 'signed-sum'] as const;
export type UnitReduction = (typeof UNIT_REDUCTIONS)[number];

/** See {@link CriterionOptions.entropy}. */
export const ENTROPY_FORMS = ['minmax', 'zero-one', 'active', 'share'] as const;
export type EntropyForm = (typeof ENTROPY_FORMS)[number];

/** See {@link CriterionOptions.of}. */
export const TAYLOR_SUBJECTS = ['weights', 'activations'] as const;
export type TaylorSubject = (typeof TAYLOR_SUBJECTS)[number];

/** See {@link CriterionOptions.sensitivity}. */
export const SENSITIVITY_FORMS = ['derivative', 'delta-mse'] as const;
export type SensitivityForm = (typeof SENSITIVITY_FORMS)[number];

/** `hutchinson`: the exact Hessian's diagonal, estimated by random vectors, for networks of any size. */
export const HESSIAN_SOURCES = ['fisher', 'gauss-newton', 'exact', 'hutchinson'] as const;
export type HessianSource = (typeof HESSIAN_SOURCES)[number];
