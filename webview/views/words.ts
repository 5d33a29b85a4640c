import { t } from '@vscode/l10n';
import type { LockReason, Notice } from '../../src/core/model/model';
import type { ProgressPhase } from '../../src/core/progress';
import type { Criterion, Granularity, Loss, Scope } from '../../src/core/recipe/recipe';
import type { LayerView } from '../../src/protocol/views';
import type { LayerStatus } from '../prediction/layerStatus';

const CRITERIA: Readonly<Record<Criterion, () => string>> = {
  magnitude: () => t('Magnitude'),
};

const GRANULARITIES: Readonly<Record<Granularity, () => string>> = {
  weight: () => t('Single weights'),
};

export function criterionName(criterion: Criterion): string {
  return CRITERIA[criterion]();
}

export function granularityName(granularity: Granularity): string {
  return GRANULARITIES[granularity]();
}

export function scopeName(scope: Scope): string {
  return scope === 'global' ? t('Whole model') : t('Each layer');
}

export function lossName(loss: Loss): string {
  switch (loss) {
    case 'ce':
      return t('Cross-entropy of probabilities');
    case 'ce-logits':
      return t('Cross-entropy of logits');
    case 'mse':
      return t('Mean squared error');
  }
}

/** Why a layer has no numbers: stands in their place. */
export function statusReason(status: LayerStatus, layer: LayerView): string {
  switch (status.kind) {
    case 'pruned':
      return '';
    case 'locked':
      return t('Locked by you');
    case 'excluded':
      if (layer.isOutput) return t('Excluded, output layer');
      return status.glob === layer.name ? t('Excluded') : t('Excluded by {0}', status.glob);
    case 'notChosen':
      return t('Not chosen');
    case 'never':
      return neverReason(status.reason, layer);
  }
}

function neverReason(reason: LockReason | null, layer: LayerView): string {
  switch (reason) {
    case 'dtype':
      return t('{0} is not pruned', layer.weight?.dtype ?? '');
    case 'quantized':
      return t('Quantized');
    case 'compressed':
      return t('Compressed');
    case 'positional':
      return t('Positions');
    case 'rank':
      return t('Not a matrix');
    case 'no-weight':
      return t('No weights');
    case 'normalization':
      return t('Normalization');
    case null:
      return t('Not pruned');
  }
}

/** A notice of the file in two or three words; its sentence is the notice's own. */
export function noticeTitle(code: Notice['code']): string {
  switch (code) {
    case 'non-finite':
      return t('NaN or infinite values');
    case 'wrong-extension':
      return t('Unexpected file name');
    case 'trailing-bytes':
      return t('Unused bytes');
    case 'skipped-member':
      return t('Skipped parts');
    case 'no-weights':
      return t('No weights');
    case 'unsupported-operator':
      return t('Unsupported operator');
    case 'duplicate-member':
      return t('Duplicate names');
    case 'bias-not-found':
      return t('Bias not found');
    case 'scope-clamped':
      return t('Target not reachable');
  }
}

/** What is being done, with the name of what is read or written. */
export function phaseText(phase: ProgressPhase, name: string, output: string): string {
  switch (phase) {
    case 'verify':
      return t('Checking {0}', name);
    case 'statistics':
      return t('Reading {0}', name);
    case 'score':
      return t('Choosing the weights of {0}', name);
    case 'write':
      return t('Writing {0}', output);
    case 'measure':
      return t('Measuring {0}', output);
    case 'evaluate-before':
      return t('Evaluating {0}', name);
    case 'evaluate-after':
      return t('Evaluating the plan');
  }
}
