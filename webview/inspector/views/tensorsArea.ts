import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { link } from '../../components/link';
import { textField } from '../../components/textField';
import { toolButton } from '../../components/toolButton';
import { countText } from '../../format/numbers';
import { progressLine } from '../../views/progressLine';
import { selectAllTensors, selectTensors } from '../state/selectTensors';
import type { InspectorUi } from './inspectorUi';
import { tensorTable } from './tensorTable';

/** The id of the filter's field, for the keyboard. */
export const FILTER_ID = 'tensor-filter';

/** The table of tensors with its filter and how far reading has come. */
export function tensorsArea(ui: InspectorUi): TemplateResult {
  const shown = selectTensors(ui.state).length;
  const isEmpty = shown === 0 && selectAllTensors(ui.state).length > 0;
  return html`<section class="tensors-area" aria-label=${l10n.t('Tensors')} data-area="tensors">
    ${toolbar(ui, shown)} ${reading(ui)} ${stopped(ui)} ${isEmpty ? noMatch(ui) : tensorTable(ui)}
  </section>`;
}

function toolbar(ui: InspectorUi, shown: number): TemplateResult {
  const { view } = ui.state;
  const type = (text: string) => ui.dispatch({ type: 'typeQuery', text });
  return html`<div class="tensor-tools">
    ${textField({
      id: FILTER_ID,
      label: l10n.t('Filter tensors'),
      text: view.typed,
      placeholder: l10n.t('Filter by name, shape, type or size, e.g. conv 3x3 >1000'),
      onType: type,
      onCommit: (text) => {
        type(text);
        ui.dispatch({ type: 'applyQuery' });
      },
      onCancel: () => {
        type('');
        ui.dispatch({ type: 'applyQuery' });
      },
    })}
    <span class="badge" role="status">${shownText(ui, shown)}</span>
    ${toolButton({
      icon: 'filter',
      label: l10n.t('Show only unusual tensors'),
      pressed: view.onlyUnusual,
      onClick: () => ui.dispatch({ type: 'toggle', what: 'onlyUnusual' }),
    })}
  </div>`;
}

function shownText(ui: InspectorUi, shown: number): string {
  const all = selectAllTensors(ui.state).length;
  if (shown !== all) return l10n.t('{0} of {1}', countText(shown), countText(all));
  return all === 1 ? l10n.t('1 tensor') : l10n.t('{0} tensors', countText(all));
}

function reading(ui: InspectorUi): TemplateResult | typeof nothing {
  const { state, report } = ui.state.reading;
  if (state !== 'reading' && state !== 'opening') return nothing;
  const share = report === null || report.total === 0 ? null : report.done / report.total;
  const cancel = () => ui.dispatch({ type: 'ask', wish: 'cancel' });
  return html`<div class="reading">${progressLine(share, l10n.t('Reading the values'))}</div>
    ${
      state === 'opening'
        ? nothing
        : html`<p class="reading-note sec">
            <span class="ellipsis">${l10n.t('Reading {0}', report?.item ?? '')}</span>
            ${link(l10n.t('Cancel'), cancel)}
          </p>`
    }`;
}

function stopped(ui: InspectorUi): TemplateResult | typeof nothing {
  if (ui.state.reading.state !== 'stopped' || ui.state.model === null) return nothing;
  const text = l10n.t(
    '{0} of {1} tensors have been read.',
    countText(ui.state.figures.size),
    countText(ui.state.model.tensors.length),
  );
  return html`<p class="note-line sec">
    ${text} ${link(l10n.t('Continue'), () => ui.dispatch({ type: 'ask', wish: 'resume' }))}
  </p>`;
}

function noMatch(ui: InspectorUi): TemplateResult {
  const clear = () => {
    ui.dispatch({ type: 'typeQuery', text: '' });
    ui.dispatch({ type: 'applyQuery' });
    if (ui.state.view.onlyUnusual) ui.dispatch({ type: 'toggle', what: 'onlyUnusual' });
  };
  return html`<p class="note-line">
    ${l10n.t('No tensor is like this.')} ${link(l10n.t('Clear Filter'), clear)}
  </p>`;
}
