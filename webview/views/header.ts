import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { PanelContext } from '../../src/protocol/hostWebview';
import type { ModelView } from '../../src/protocol/views';
import { countText } from '../format/numbers';
import { selectLayerCounts } from '../state/selectFigures';
import { selectNotices } from '../state/selectNotices';
import { chip, headLine, noticeChips, noticeList, openingHead, sizeFacts } from './documentHead';
import { engineWords } from './engineWords';
import type { Ui } from './ui';

/** The file, what it is, and what is unusual about it. */
export function header(ui: Ui): TemplateResult {
  const { model, context } = ui.state;
  if (model === null || context === null) {
    return openingHead(ui.state.path, ui.state.failure !== null);
  }
  return html`<header class="doc-head" data-area="header">
    ${headLine(model, context.folder, chips(ui, model))}
    <div class="facts">${facts(ui, model, context)}</div>
    ${ui.state.view.notices ? noticeList(selectNotices(ui.state)) : nothing}
  </header>`;
}

function facts(ui: Ui, model: ModelView, context: PanelContext): TemplateResult[] {
  const { prunable } = selectLayerCounts(ui.state);
  return [
    ...sizeFacts(model),
    html`<span>${model.dtypes.join(', ')}</span>`,
    html`<span>${prunable === 1 ? l10n.t('1 prunable layer') : layersText(prunable)}</span>`,
    ...(model.executable ? [html`<span>${engineText(ui, context)}</span>`] : []),
  ];
}

/** The engine of the last evaluation; before one, what the settings ask for. */
function engineText({ state }: Ui, { engine }: PanelContext): string {
  const { before, after } = state.evaluation ?? { before: null, after: null };
  return engineWords(after?.engine ?? before?.engine ?? engine).name;
}

function layersText(count: number): string {
  return l10n.t('{0} prunable layers', countText(count));
}

function chips(ui: Ui, model: ModelView): TemplateResult[] {
  const { locked } = selectLayerCounts(ui.state);
  return [
    ...executionChip(model),
    ...noticeChips(selectNotices(ui.state), ui.state.view.notices, () =>
      ui.dispatch({ type: 'toggle', what: 'notices' }),
    ),
    ...(locked === 0 ? [] : [chip('lock', 'dim', lockedText(locked))]),
  ];
}

function lockedText(count: number): string {
  return count === 1 ? l10n.t('1 layer locked') : l10n.t('{0} layers locked', countText(count));
}

function executionChip(model: ModelView): TemplateResult[] {
  if (model.executable && model.nodeCount !== null) {
    const text = l10n.t('All {0} nodes supported', countText(model.nodeCount));
    return [chip('pass', 'ok', text)];
  }
  if (model.executable) return [chip('info', 'info', l10n.t('Runs on ONNX Runtime'))];
  if (model.notices.some(({ code }) => code === 'unsupported-operator')) return [];
  return [chip('info', 'info', l10n.t('Weights only'))];
}
