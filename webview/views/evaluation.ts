import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../components/icon';
import { link } from '../components/link';
import { countText } from '../format/numbers';
import { isBusy } from '../state/panelState';
import { attainableSizes } from '../state/isPackable';
import { measuredSizes, selectEvaluation, type ShownEvaluation } from '../state/selectEvaluation';
import { selectFigures } from '../state/selectFigures';
import { classDetails } from './classDetails';
import { engineLine } from './engineWords';
import { sizeRows, type MeasureRow } from './evaluationRows';
import { failureNotice } from './failure';
import { measureTable } from './measureTable';
import { measureGroups } from './outputGroups';
import { pane } from './pane';
import type { Ui } from './ui';
import { verdict } from './verdict';

/** What the model does on the data before the plan and after it. */
export function evaluation(ui: Ui): TemplateResult {
  const shown = selectEvaluation(ui.state);
  return pane(ui, {
    id: 'evaluation',
    title: l10n.t('Evaluation'),
    sub: subtitle(ui, shown),
    actions: [shown?.isStale === true ? again(ui) : nothing],
    body: body(ui, shown),
  });
}

function subtitle(ui: Ui, shown: ShownEvaluation | null): string {
  if (shown === null) return '';
  if (shown.isStale) return l10n.t('of the plan before the last change');
  const name = ui.state.data?.selected?.name;
  const samples = countText(shown.before?.samples ?? shown.comparison?.samples ?? 0);
  return name === undefined
    ? l10n.t('{0} samples', samples)
    : l10n.t('{0}, {1} samples', name, samples);
}

function again(ui: Ui): TemplateResult {
  return link(l10n.t('Evaluate again'), () => ui.dispatch({ type: 'ask', wish: 'evaluate' }), {
    disabled: isBusy(ui.state),
  });
}

function body(ui: Ui, shown: ShownEvaluation | null): TemplateResult {
  const failed = ui.state.failure?.task === 'evaluate';
  if (failed) return failureNotice(ui);
  if (shown === null) return empty(ui);
  const details = classDetails(ui, shown, shown.isStale);
  return html`<div class="evaluation-tables">
    <div class="scroller">
      ${verdict(shown)}
      ${measureTable(measureGroups(shown, sizes(ui, shown.isStale), false), shown.isStale)}
      ${engineLine(shown.before, shown.after)}
    </div>
    ${details === nothing ? nothing : html`<div class="scroller">${details}</div>`}
  </div>`;
}

/**
 * Sizes of this plan: the raw one never changes, the compressed one only where it was measured. Beside
 * an older evaluation the weights of the present plan would mislead.
 */
function sizes(ui: Ui, isStale: boolean): readonly MeasureRow[] {
  const figures = isStale ? null : selectFigures(ui.state);
  const raw = ui.state.model?.byteLength ?? 0;
  const unmeasured = { rawBefore: raw, rawAfter: raw, gzipBefore: null, gzipAfter: null };
  const weights = figures && {
    before: figures.elementCount - figures.zerosBefore,
    after: figures.elementCount - figures.zerosAfter,
  };
  const known = measuredSizes(ui.state) ?? unmeasured;
  return sizeRows(attainableSizes(known, ui.state.model?.format ?? ''), weights);
}

function empty(ui: Ui): TemplateResult {
  const { model } = ui.state;
  if (model === null) return html``;
  if (!model.executable) return weightsOnly(model.notExecutableBecause);
  if (!ui.state.data?.selected) {
    const choose = () => ui.dispatch({ type: 'ask', wish: 'browseData' });
    return html`<p class="note-line sec">
      ${l10n.t('With data, accuracy and loss are shown before and after.')}
      ${link(l10n.t('Choose Data…'), choose)}
    </p>`;
  }
  const text = l10n.t('Evaluate Plan shows accuracy and loss before and after. Prune does so too.');
  return html`<p class="note-line sec">${text}</p>`;
}

/** The file cannot be run: what is possible all the same, and why the rest is not. */
function weightsOnly(reason: string | null): TemplateResult {
  const possible = l10n.t(
    'It can be pruned by its weights alone and sizes compared, but not evaluated.',
  );
  const because = reason === null ? nothing : l10n.t('This model cannot be run: {0}.', reason);
  return html`<div class="note-line">
    ${icon('info', 'info')}
    <p>${because} ${possible}</p>
  </div>`;
}
