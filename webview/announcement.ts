import * as l10n from '@vscode/l10n';
import { countText, percentText } from './format/numbers';
import { scoresOnData } from '../src/core/recipe/scoresOnData';
import { currentRecipe, isBusy, type PanelState } from './state/panelState';
import { selectFigures } from './state/selectFigures';

/** How long the plan rests before its prediction is spoken, in milliseconds. */
export const ANNOUNCE_AFTER_MS = 500;

/** What is spoken of a state: each tenth of a job while it runs, else the prediction. */
export function announcementOf(state: PanelState): string {
  if (state.running !== null && (isBusy(state) || isScoring(state)))
    return progressAnnouncement(state.running);
  if (state.cancelled !== null) return l10n.t('Cancelled.');
  const figures = selectFigures(state);
  if (figures === null) return '';
  const { zeroed, zerosAfter, elementCount } = figures;
  return l10n.t(
    '{0} of {1} weights would be set to zero, sparsity {2}',
    countText(zeroed),
    countText(elementCount),
    percentText(zerosAfter / Math.max(1, elementCount)),
  );
}

/** A plan that runs the network. */
function isScoring(state: PanelState): boolean {
  const recipe = currentRecipe(state);
  return state.running?.task === 'plan' && recipe !== null && scoresOnData(recipe);
}

function progressAnnouncement({ task, report }: NonNullable<PanelState['running']>): string {
  const share = report === null || report.total === 0 ? 0 : report.done / report.total;
  const percent = Math.floor(Math.min(1, share) * 10) * 10;
  switch (task) {
    case 'prune':
      return l10n.t('Pruning, {0} %', percent);
    case 'plan':
      return l10n.t('Scoring, {0} %', percent);
    case 'sweep':
      return l10n.t('Comparing, {0} %', percent);
    case 'sensitivity':
      return l10n.t('Measuring sensitivity, {0} %', percent);
    case 'open':
    case 'statistics':
    case 'evaluate':
      return l10n.t('Evaluating, {0} %', percent);
  }
}
