import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Notice } from '../../src/core/model/model';
import type { PanelContext } from '../../src/protocol/hostWebview';
import type { ModelView } from '../../src/protocol/views';
import { icon, type IconName, type IconTone } from '../components/icon';
import { byteSizeText, compactCountText, countText } from '../format/numbers';
import { nameOfPath } from '../state/nameOfPath';
import { selectLayerCounts } from '../state/selectFigures';
import { selectNotices } from '../state/selectNotices';
import type { Ui } from './ui';
import { noticeTitle } from './words';

/** The file, what it is, and what is unusual about it. */
export function header(ui: Ui): TemplateResult {
  const { model, context } = ui.state;
  if (model === null || context === null) return openingHeader(ui);
  return html`<header class="doc-head" data-area="header">
    <div class="line">
      ${icon('fileBinary')}
      <h1 title=${model.path}>${model.name}</h1>
      <span class="dim">${context.folder}</span>
      <div class="chips">${chips(ui, model)}</div>
    </div>
    <div class="facts">${facts(ui, model, context)}</div>
    ${ui.state.view.notices ? noticeList(selectNotices(ui.state)) : nothing}
  </header>`;
}

/** Before the file is open its name is known, and after a failure that is all there will be. */
function openingHeader({ state }: Ui): TemplateResult {
  return html`<header class="doc-head">
    <div class="line">
      ${icon('fileBinary')}
      <h1 title=${state.path}>${nameOfPath(state.path)}</h1>
    </div>
    <div class="facts">${state.failure === null ? l10n.t('Opening…') : nothing}</div>
  </header>`;
}

function facts(ui: Ui, model: ModelView, context: PanelContext): TemplateResult[] {
  const { prunable } = selectLayerCounts(ui.state);
  const parameters = compactCountText(model.parameterCount);
  return [
    html`<span>${model.formatLabel}</span>`,
    html`<span title=${l10n.t('{0} parameters', countText(model.parameterCount))}
      >${l10n.t('{0} parameters', parameters)}</span
    >`,
    html`<span title=${l10n.t('{0} bytes', countText(model.byteLength))}
      >${byteSizeText(model.byteLength)}</span
    >`,
    html`<span>${model.dtypes.join(', ')}</span>`,
    html`<span>${prunable === 1 ? l10n.t('1 prunable layer') : layersText(prunable)}</span>`,
    ...(model.executable ? [html`<span>${context.engine}</span>`] : []),
  ];
}

function layersText(count: number): string {
  return l10n.t('{0} prunable layers', countText(count));
}

function chips(ui: Ui, model: ModelView): TemplateResult[] {
  const { locked } = selectLayerCounts(ui.state);
  return [
    ...executionChip(model),
    ...noticeChips(ui, selectNotices(ui.state)),
    ...(locked === 0 ? [] : [chip('lock', 'dim', lockedText(locked))]),
  ];
}

function lockedText(count: number): string {
  return count === 1 ? l10n.t('1 layer locked') : l10n.t('{0} layers locked', countText(count));
}

function executionChip(model: ModelView): TemplateResult[] {
  if (model.executable) {
    const nodes = model.nodeCount ?? 0;
    return [chip('pass', 'ok', l10n.t('All {0} nodes supported', countText(nodes)))];
  }
  if (model.notices.some(({ code }) => code === 'unsupported-operator')) return [];
  return [chip('info', 'info', l10n.t('Weights only'))];
}

/** One chip for each kind of notice; any of them opens the sentences of all. */
function noticeChips(ui: Ui, notices: readonly Notice[]): TemplateResult[] {
  const codes = [...new Set(notices.map(({ code }) => code))];
  return codes.map(
    (code) =>
      html`<button
        type="button"
        class="chip"
        aria-expanded=${ui.state.view.notices}
        @click=${() => ui.dispatch({ type: 'toggle', what: 'notices' })}
      >
        ${icon('warning', 'warning')}${noticeTitle(code)}
      </button>`,
  );
}

function noticeList(notices: readonly Notice[]): TemplateResult {
  return html`<ul class="notices">
    ${notices.map(({ message }) => html`<li>${message}</li>`)}
  </ul>`;
}

function chip(name: IconName, tone: IconTone, text: string): TemplateResult {
  return html`<span class="chip">${icon(name, tone)}${text}</span>`;
}
