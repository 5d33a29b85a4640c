import * as l10n from '@vscode/l10n';
import { CRITERIA, CRITERION_TRAITS, type Criterion } from '../../src/core/criteria/criterion';
import type { MissingNeed } from '../state/criterionNeeds';

/** The families that criteria are listed in. */
export type CriterionFamily = 'weights' | 'data' | 'derivatives' | 'activations' | 'reconstruction';

const FAMILIES: readonly CriterionFamily[] = [
  'weights',
  'data',
  'derivatives',
  'activations',
  'reconstruction',
];

/** The criteria of each family, in the order of the list. */
export function criteriaByFamily(): readonly {
  readonly family: CriterionFamily;
  readonly criteria: readonly Criterion[];
}[] {
  return FAMILIES.map((family) => ({
    family,
    criteria: CRITERIA.filter((criterion) => familyOf(criterion) === family),
  }));
}

function familyOf(criterion: Criterion): CriterionFamily {
  const { evidence, reconstructs } = CRITERION_TRAITS[criterion];
  if (reconstructs === true) return 'reconstruction';
  switch (evidence) {
    case 'weights':
      return 'weights';
    case 'input-norms':
    case 'input-products':
    case 'perturbations':
      return 'data';
    case 'activations':
      return 'activations';
    case 'gradients':
    case 'squared-gradients':
    case 'output-gradients':
    case 'second-derivatives':
      return 'derivatives';
  }
}

/** The heading of a family. */
export function familyName(family: CriterionFamily): string {
  switch (family) {
    case 'weights':
      return l10n.t('By the weights alone');
    case 'data':
      return l10n.t('By what comes in');
    case 'derivatives':
      return l10n.t('By derivatives');
    case 'activations':
      return l10n.t('By activations');
    case 'reconstruction':
      return l10n.t('With reconstruction');
  }
}

const NOTES: Readonly<Record<Criterion, () => string>> = {
  magnitude: () => l10n.t('Prunes small |w| first.'),
  random: () => l10n.t('Prunes by chance, by the seed: what others must beat.'),
  'l1-norm': () => l10n.t('Prunes units whose weights have the smallest sum of |w|.'),
  'l2-norm': () => l10n.t('Prunes units whose weights have the smallest L2 norm.'),
  'bn-scale': () => l10n.t('Prunes units whose batch normalization scales them least.'),
  fpgm: () => l10n.t('Prunes units that are most like the others of their layer.'),
  lamp: () => l10n.t('Prunes small |w| first, beside the larger ones of the same layer.'),
  gradient: () => l10n.t('Prunes where the loss is flattest: small |∂L/∂w|.'),
  taylor: () => l10n.t('Prunes what changes the loss least, to first order: |w · ∂L/∂w|.'),
  'taylor-squared': () => l10n.t('As Taylor, squared: weights of a unit do not cancel out.'),
  snip: () => l10n.t('As Taylor, as a share of the whole model.'),
  grasp: () => l10n.t('Keeps the flow of the gradient: −w · Hg. Needs second derivatives.'),
  'output-sensitivity': () => l10n.t('Prunes what the outputs answer to least, labels or not.'),
  fisher: () => l10n.t('Prunes by squared gradients of the single samples.'),
  obd: () => l10n.t('Prunes by w²·H/2 with the diagonal of the Hessian.'),
  obs: () => l10n.t('Prunes by w²/[H⁻¹] and corrects the weights that stay.'),
  'least-squares': () =>
    l10n.t('Prunes small |w| of the least-squares fit and fits the rest again.'),
  sparsegpt: () => l10n.t('As OBS, column by column in blocks, for large layers.'),
  wanda: () => l10n.t('Prunes small |w| times the norm of its input, in each row by itself.'),
  apoz: () => l10n.t('Prunes units that are zero most of the time.'),
  'activation-mean': () => l10n.t('Prunes units with the smallest mean |activation|.'),
  entropy: () => l10n.t('Prunes units whose activations say least.'),
  stability: () => l10n.t('Prunes units that answer most to noise in the inputs.'),
};

/** What a criterion ranks by and what it needs, in a line or two. */
export function criterionNote(criterion: Criterion): string {
  return `${NOTES[criterion]()} ${needsText(criterion)}`;
}

function needsText(criterion: Criterion): string {
  const { evidence, needsLabels } = CRITERION_TRAITS[criterion];
  if (evidence === 'weights') return l10n.t('Needs no data.');
  return needsLabels === true ? l10n.t('Needs data with labels.') : l10n.t('Needs data.');
}

/** Why a criterion cannot be chosen now, in two or three words. */
export function missingNeedText(need: MissingNeed): string {
  switch (need) {
    case 'graph':
      return l10n.t('needs a graph');
    case 'data':
      return l10n.t('needs data');
    case 'labels':
      return l10n.t('needs labels');
    case 'normalization':
      return l10n.t('needs a norm layer');
  }
}

/** What can be done about it, or used instead. */
export function missingNeedAdvice(need: MissingNeed): string {
  switch (need) {
    case 'graph':
      return l10n.t(
        'The other criteria run the network; open the ONNX, Keras or TensorFlow.js file of the same model.',
      );
    case 'data':
      return l10n.t('The other criteria look at data.');
    case 'labels':
      return l10n.t('The data has no labels: Wanda, output sensitivity and activations need none.');
    case 'normalization':
      return l10n.t(
        'No normalization scales the units of a layer here; the L1 or L2 norm ranks units too.',
      );
  }
}
