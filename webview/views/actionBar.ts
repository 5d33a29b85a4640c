import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { button } from '../components/button';
import { icon } from '../components/icon';
import { toolButton } from '../components/toolButton';
import { link } from '../components/link';
import { scoresOnData } from '../../src/core/recipe/scoresOnData';
import { countText, percentText } from '../format/numbers';
import { currentRecipe, isBusy, type PanelState, type RunningTask } from '../state/panelState';
import { selectFigures, selectLayerCounts, type PlanFigures } from '../state/selectFigures';
import { failureNotice } from './failure';
import { progressLine } from './progressLine';
import type { Ui } from './ui';
import { phaseText } from './words';

/** What can be done with the plan, and while it is done, how far it is. */
export function actionBar(ui: Ui): TemplateResult {
  const { running } = ui.state;
  const isTold = isFailureTold(ui.state);
  const scoring = scoringTask(ui.state);
  return html`<footer class="action-area" data-area="actions">
    ${isTold ? failureNotice(ui) : nothing}
    ${running !== null && isBusy(ui.state) ? progressBar(ui, running) : actions(ui)}
    ${scoring === null ? nothing : progressLine(shareOf(scoring), l10n.t('Scoring…'))}
  </footer>`;
}

/** The plan that runs the network to find its scores: then it takes long enough to be watched. */
function scoringTask(state: PanelState): RunningTask | null {
  const recipe = currentRecipe(state);
  const isScoring = recipe !== null && state.running?.task === 'plan' && scoresOnData(recipe);
  return isScoring ? state.running : null;
}

function shareOf({ report }: RunningTask): number | null {
  return report === null || report.total === 0 ? null : report.done / report.total;
}

/** A failed evaluation is told in its own area; that nothing is left to plan, by the sentence. */
function isFailureTold(state: PanelState): boolean {
  if (state.failure === null || state.failure.task === 'evaluate') return false;
  return state.failure.task !== 'plan' || selectLayerCounts(state).pruned > 0;
}

function actions(ui: Ui): TemplateResult {
  const ask = (wish: 'prune' | 'evaluate' | 'saveRecipe') => () =>
    ui.dispatch({ type: 'ask', wish });
  const refusal = pruneRefusal(ui.state);
  const refused = evaluateRefusal(ui.state);
  return html`<div class="action-bar">
    ${button({
      label: l10n.t('Prune'),
      primary: true,
      disabled: refusal !== null,
      title: refusal,
      onClick: ask('prune'),
    })}
    ${button({
      label: l10n.t('Evaluate Plan'),
      disabled: refused !== null,
      title: refused,
      onClick: ask('evaluate'),
    })}
    <span class="wide-only"
      >${button({
        label: l10n.t('Save Recipe…'),
        disabled: ui.state.recipe === null,
        onClick: ask('saveRecipe'),
      })}</span
    >
    <span class="sentence sec">${sentence(ui, refusal)}</span>
    ${toolButton({
      icon: 'save',
      label: l10n.t('Save Recipe…'),
      disabled: ui.state.recipe === null,
      className: 'narrow-only',
      onClick: ask('saveRecipe'),
    })}
  </div>`;
}

/** Why there is nothing to prune now; null when there is. */
function pruneRefusal(state: PanelState): string | null {
  if (state.context?.trusted === false) return l10n.t('Pruning writes files and is off.');
  if (state.model === null || state.recipe === null)
    return l10n.t('The file is still being opened.');
  if (selectLayerCounts(state).prunable === 0)
    return l10n.t('No layer of this file can be pruned.');
  if (selectLayerCounts(state).pruned === 0) return l10n.t('All layers are locked or excluded.');
  return null;
}

/** Why the plan cannot be evaluated; without data the host asks for it. */
function evaluateRefusal({ model, recipe }: PanelState): string | null {
  if (model === null || recipe === null) return l10n.t('The file is still being opened.');
  return model.executable ? null : l10n.t('This model cannot be run, so it cannot be evaluated.');
}

function sentence(ui: Ui, refusal: string | null): TemplateResult | string {
  const scoring = scoringTask(ui.state);
  if (scoring !== null) {
    const cancel = () => ui.dispatch({ type: 'ask', wish: 'cancel' });
    return html`<span>${scoringText(scoring)}</span>${link(l10n.t('Cancel scoring'), cancel)}`;
  }
  if (ui.state.cancelled !== null) {
    const text =
      ui.state.cancelled === 'prune'
        ? l10n.t('Cancelled. No file was written.')
        : l10n.t('Cancelled.');
    return html`${icon('circleSlash', 'dim')}${text}`;
  }
  if (refusal !== null) return refusal;
  const figures = selectFigures(ui.state);
  if (figures === null) return '';
  const long = planSentence(figures, ui.state.context?.outputName ?? '');
  const short = l10n.t('{0} weights to zero', countText(figures.zeroed));
  return html`<span class="wide-only" title=${long}>${long}</span
    ><span class="narrow-only" title=${long}>${short}</span>`;
}

function scoringText(task: RunningTask): string {
  const share = shareOf(task);
  const item = task.report?.item ?? '';
  if (share === null) return l10n.t('Scoring…');
  const text = l10n.t('Scoring on the data, {0}', percentText(Math.min(1, share), 0));
  return item === '' ? text : `${text} · ${item}`;
}

function planSentence({ zeroed, layerCount }: PlanFigures, output: string): string {
  const weights = countText(zeroed);
  return layerCount === 1
    ? l10n.t(
        'Sets {0} weights in 1 layer to zero and writes {1} beside the original.',
        weights,
        output,
      )
    : l10n.t(
        'Sets {0} weights in {1} layers to zero and writes {2} beside the original.',
        weights,
        countText(layerCount),
        output,
      );
}

function progressBar(ui: Ui, { task, report }: RunningTask): TemplateResult {
  const share = shareOf({ task, report });
  const name = ui.state.model?.name ?? '';
  const output = ui.state.context?.outputName ?? '';
  const text = report === null ? startingText(task) : phaseText(report.phase, name, output);
  return html`${progressLine(share, text)}
    <div class="action-bar">
      ${button({ label: l10n.t('Cancel'), onClick: () => ui.dispatch({ type: 'ask', wish: 'cancel' }) })}
      <span class="sentence">${text}</span>
      <span class="progress-item sec">${report?.item ?? ''}</span>
    </div>`;
}

function startingText(task: RunningTask['task']): string {
  switch (task) {
    case 'prune':
      return l10n.t('Pruning…');
    case 'sweep':
      return l10n.t('Comparing…');
    case 'sensitivity':
      return l10n.t('Measuring sensitivity…');
    case 'open':
    case 'statistics':
    case 'plan':
    case 'evaluate':
      return l10n.t('Evaluating…');
  }
}
