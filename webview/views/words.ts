import * as l10n from '@vscode/l10n';
import type { LockReason, Notice } from '../../src/core/model/model';
import type { ProgressPhase } from '../../src/core/progress';
import { signedOrder, type UnitReduction } from '../../src/core/criteria/criterion';
import type {
  Allocation,
  Criterion,
  Granularity,
  Loss,
  Recipe,
  ScheduleKind,
  Scope,
} from '../../src/core/recipe/recipe';
import type { LayerView } from '../../src/protocol/views';
import { percentFieldText } from '../format/numbers';
import type { LayerStatus } from '../prediction/layerStatus';
import type { GivenTarget } from '../state/givenTarget';

const CRITERIA: Readonly<Record<Criterion, () => string>> = {
  magnitude: () => l10n.t('Magnitude'),
  random: () => l10n.t('Random'),
  'l1-norm': () => l10n.t('L1 norm of units'),
  'l2-norm': () => l10n.t('L2 norm of units'),
  'bn-scale': () => l10n.t('Batch-norm scale'),
  fpgm: () => l10n.t('Geometric median (FPGM)'),
  gradient: () => l10n.t('Gradient'),
  taylor: () => l10n.t('Taylor'),
  'taylor-squared': () => l10n.t('Taylor, squared'),
  snip: () => l10n.t('SNIP'),
  grasp: () => l10n.t('GraSP'),
  'output-sensitivity': () => l10n.t('Output sensitivity (delta MSE)'),
  fisher: () => l10n.t('Fisher'),
  obd: () => l10n.t('Optimal brain damage (OBD)'),
  obs: () => l10n.t('Optimal brain surgeon (OBS)'),
  'least-squares': () => l10n.t('Least squares'),
  wanda: () => l10n.t('Wanda'),
  sparsegpt: () => l10n.t('SparseGPT'),
  apoz: () => l10n.t('Average share of zeros (APoZ)'),
  'activation-mean': () => l10n.t('Mean activation'),
  entropy: () => l10n.t('Entropy'),
  stability: () => l10n.t('Stability'),
  lamp: () => l10n.t('LAMP'),
};

/** The name of a criterion, as the literature has it. */
export function criterionName(criterion: Criterion): string {
  return CRITERIA[criterion]();
}

/** What is pruned as one, in words. */
export function granularityName(granularity: Granularity): string {
  switch (granularity) {
    case 'weight':
      return l10n.t('Single weights');
    case 'unit':
      return l10n.t('Units');
    case 'unit:input':
      return l10n.t('Input units');
    case 'head':
      return l10n.t('Attention heads');
    default:
      return granularity.startsWith('block:')
        ? l10n.t('Blocks of {0}', granularity.slice('block:'.length).replace('x', '\u00d7'))
        : l10n.t('{0} along the inputs', granularity);
  }
}

/** What the target is meant for, in words. */
export function scopeName(scope: Scope): string {
  return scope === 'global' ? l10n.t('Whole model') : l10n.t('Each layer');
}

/** How the target is shared out, in words. */
export function allocationName(allocation: Allocation): string {
  switch (allocation) {
    case 'uniform':
      return l10n.t('Uniform');
    case 'uniform-plus':
      return l10n.t('Uniform+');
    case 'erk':
      return l10n.t('ERK');
    case 'lamp':
      return l10n.t('LAMP');
    case 'sensitivity':
      return l10n.t('By sensitivity');
  }
}

/** How sparsity grows over the steps, in words. */
export function scheduleName(kind: ScheduleKind): string {
  switch (kind) {
    case 'linear':
      return l10n.t('Linear');
    case 'agp':
      return l10n.t('Cubic (AGP)');
    case 'cosine':
      return l10n.t('Cosine');
    case 'exponential':
      return l10n.t('Exponential');
  }
}

/** How scores of weights become that of their unit, in words. */
export function reductionName(reduction: UnitReduction): string {
  switch (reduction) {
    case 'sum':
      return l10n.t('Sum');
    case 'mean':
      return l10n.t('Mean');
    case 'max':
      return l10n.t('Largest');
    case 'l2':
      return l10n.t('L2 norm');
    case 'signed-sum':
      return l10n.t('Signed sum');
  }
}

/** The name of a loss, with what it is computed from. */
export function lossName(loss: Loss): string {
  switch (loss) {
    case 'ce':
      return l10n.t('Cross-entropy of probabilities');
    case 'ce-logits':
      return l10n.t('Cross-entropy of logits');
    case 'mse':
      return l10n.t('Mean squared error');
  }
}

/** Why a layer has no numbers: stands in their place. */
export function statusReason(status: LayerStatus, layer: LayerView): string {
  switch (status.kind) {
    case 'pruned':
      return '';
    case 'locked':
      return l10n.t('Locked by you');
    case 'excluded':
      if (layer.isOutput) return l10n.t('Excluded, output layer');
      return status.glob === layer.name
        ? l10n.t('Excluded')
        : l10n.t('Excluded by {0}', status.glob);
    case 'notChosen':
      return l10n.t('Not chosen');
    case 'end':
      return status.end === 'outputs' ? l10n.t('Model outputs') : l10n.t('Model inputs');
    case 'never':
      return neverReason(status.reason, layer);
  }
}

/** The reason in a sentence, with what can be done, where a few words do not tell it. */
export function statusSentence(status: LayerStatus, layer: LayerView): string {
  if (status.kind !== 'end') return statusReason(status, layer);
  return status.end === 'outputs'
    ? l10n.t(
        "Its units are the model's outputs, so they stay. An override prunes them all the same.",
      )
    : l10n.t(
        "Its units are the model's inputs, so they stay. An override prunes them all the same.",
      );
}

function neverReason(reason: LockReason | null, layer: LayerView): string {
  switch (reason) {
    case 'dtype':
      return l10n.t('{0} is not pruned', layer.weight?.dtype ?? '');
    case 'quantized':
      return l10n.t('Quantized');
    case 'compressed':
      return l10n.t('Compressed');
    case 'shared':
      return l10n.t('Shared');
    case 'positional':
      return l10n.t('Positions');
    case 'rank':
      return l10n.t('Not a matrix');
    case 'no-weight':
      return l10n.t('No weights');
    case 'normalization':
      return l10n.t('Normalization');
    case null:
      return l10n.t('Not pruned');
  }
}

/** A notice of the file in two or three words; its sentence is the notice's own. */
export function noticeTitle(code: Notice['code']): string {
  switch (code) {
    case 'non-finite':
      return l10n.t('NaN or infinite values');
    case 'wrong-extension':
      return l10n.t('Unexpected file name');
    case 'trailing-bytes':
      return l10n.t('Unused bytes');
    case 'skipped-member':
      return l10n.t('Skipped parts');
    case 'no-weights':
      return l10n.t('No weights');
    case 'unsupported-operator':
      return l10n.t('Unsupported operator');
    case 'duplicate-member':
    case 'duplicate-name':
      return l10n.t('Duplicate names');
    case 'untrusted-pickle':
      return l10n.t('Untrusted pickle');
    case 'dangling-input':
      return l10n.t('Missing input');
    case 'unsafe-layer':
      return l10n.t('Unsafe layer');
    case 'tied-tensors':
      return l10n.t('Shared weights');
  }
}

/** What is being done, with the name of what is read or written. */
export function phaseText(phase: ProgressPhase, name: string, output: string): string {
  switch (phase) {
    case 'verify':
      return l10n.t('Checking {0}', name);
    case 'statistics':
      return l10n.t('Reading {0}', name);
    case 'score':
      return l10n.t('Choosing the weights of {0}', name);
    case 'write':
      return l10n.t('Writing {0}', output);
    case 'measure':
      return l10n.t('Measuring {0}', output);
    case 'evaluate':
      return l10n.t('Evaluating');
    case 'evaluate-before':
      return l10n.t('Evaluating {0}', name);
    case 'evaluate-after':
      return l10n.t('Evaluating the plan');
    case 'install':
      return 'npm';
  }
}

/** What says by itself how much goes. */
export function givenTargetText(given: GivenTarget): string {
  return given.kind === 'mask'
    ? l10n.t('As the mask says')
    : l10n.t('{0} by the pattern', percentFieldText(given.share));
}

/** What a threshold on a criterion's scores says. */
export function scoreLimitLabel({ criterion, options }: Recipe): string {
  return signedOrder(criterion, options) === 'highest-first'
    ? l10n.t('Prune scores ≥')
    : l10n.t('Prune scores ≤');
}
