import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Notice } from '../../../src/core/model/model';
import type { InspectorContext } from '../../../src/protocol/hostInspector';
import type { ModelView } from '../../../src/protocol/views';
import { icon } from '../../components/icon';
import { countText } from '../../format/numbers';
import {
  chip,
  headLine,
  noticeChips,
  noticeList,
  openingHead,
  sizeFacts,
} from '../../views/documentHead';
import { noticeTitle } from '../../views/words';
import type { InspectorWish } from '../state/inspectorActions';
import { selectFlags } from '../unusual/selectUnusual';
import type { InspectorUi } from './inspectorUi';

/** The file, what it is, what is unusual about it, and what can be done with it. */
export function inspectorHeader(ui: InspectorUi): TemplateResult {
  const { model, context } = ui.state;
  if (model === null || context === null) {
    return openingHead(ui.state.path, ui.state.failure !== null);
  }
  return html`<header class="doc-head" data-area="header">
    ${headLine(model, context.folder, chips(ui, model))}
    <div class="line">
      <div class="facts">${facts(model)}</div>
      <div class="head-actions">${actions(ui, context)}</div>
    </div>
    ${ui.state.view.notices ? noticeList(model.notices) : nothing}
  </header>`;
}

function facts(model: ModelView): TemplateResult[] {
  const { dtypes, tensors } = model;
  const count = tensors.length;
  return [
    ...sizeFacts(model),
    html`<span
      >${count === 1 ? l10n.t('1 tensor') : l10n.t('{0} tensors', countText(count))}</span
    >`,
    ...(dtypes.length === 0
      ? []
      : [html`<span title=${dtypes.join(', ')}>${typesText(dtypes)}</span>`]),
  ];
}

/** The most common types; more of them are in the title. */
function typesText(dtypes: readonly string[]): string {
  const shown = dtypes.slice(0, 3).join(', ');
  return dtypes.length > 3 ? `${shown}, …` : shown;
}

function actions(ui: InspectorUi, { auditable, convertible }: InspectorContext): TemplateResult[] {
  const action = (label: string, wish: InspectorWish): TemplateResult =>
    html`<button type="button" class="link" @click=${() => ui.dispatch({ type: 'ask', wish })}>
      ${label}
    </button>`;
  return [
    action(l10n.t('Prune Model…'), 'prune'),
    ...(convertible ? [action(l10n.t('Save as safetensors…'), 'convert')] : []),
    ...(auditable ? [action(l10n.t('Audit Pickle'), 'audit')] : []),
    action(l10n.t('Reopen With…'), 'reopenWith'),
  ];
}

function chips(ui: InspectorUi, model: ModelView): TemplateResult[] {
  const codes = [...new Set(model.notices.map(({ code }) => code))];
  return [
    ...noticeChips(model.notices, ui.state.view.notices, () =>
      ui.dispatch({ type: 'toggle', what: 'notices' }),
    ),
    ...nonFiniteChip(ui, codes),
    ...unusualChip(ui),
  ];
}

/** The reader may have met them already; else they are found in the values. */
function nonFiniteChip(ui: InspectorUi, codes: readonly Notice['code'][]): TemplateResult[] {
  const { figures, reading } = ui.state;
  if (codes.includes('non-finite')) return [];
  const broken = [...figures.values()].filter(({ nonFinite }) => nonFinite > 0).length;
  if (broken > 0) {
    return [chip('warning', 'warning', noticeTitle('non-finite'))];
  }
  if (reading.state !== 'done') return [];
  return [chip('pass', 'ok', l10n.t('No NaN or infinite values'))];
}

function unusualChip(ui: InspectorUi): TemplateResult[] {
  const count = selectFlags(ui.state).size;
  const { model, view } = ui.state;
  if (count === 0 || model === null) return [];
  const text = l10n.t(
    '{0} of {1} tensors are unusual',
    countText(count),
    countText(model.tensors.length),
  );
  return [
    html`<button
      type="button"
      class="chip"
      aria-pressed=${view.onlyUnusual}
      title=${l10n.t('Show only unusual tensors')}
      @click=${() => ui.dispatch({ type: 'toggle', what: 'onlyUnusual' })}
    >
      ${icon('info', 'info')}${text}
    </button>`,
  ];
}
