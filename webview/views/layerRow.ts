import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { miniHistogram } from '../charts/miniHistogram';
import { cssProperties } from '../components/cssProperties';
import { icon } from '../components/icon';
import { textField } from '../components/textField';
import {
  countText,
  decimalText,
  numberFieldText,
  percentFieldText,
  percentText,
  shapeText,
  significantText,
} from '../format/numbers';
import { currentRecipe } from '../state/panelState';
import { weightThreshold, type LayerPrediction } from '../prediction/predictPlan';
import type { LayerRow, ListedLayer } from '../state/selectRows';
import { acceptOverride, canOverride } from './layerCommands';
import type { Ui } from './ui';
import { statusReason, statusSentence } from './words';

/** The id of a row's element. */
export function rowId({ index }: ListedLayer): string {
  return `layer-row-${index}`;
}

/** One layer. `position` is its place among the rows shown, from 0. */
export function layerRow(ui: Ui, row: LayerRow, position: number): TemplateResult {
  const { layer, status } = row;
  const isSelected = layer.name === ui.state.view.selected;
  const isEditing = layer.name === ui.state.view.editing;
  const shape = shapeText(layer.weight?.shape ?? []);
  const classes = [
    'list-row layers',
    isSelected ? 'selected' : '',
    row.overridden ? 'modified' : '',
    isEditing ? 'editing' : '',
  ].join(' ');
  return html`<div
    class=${classes}
    role="row"
    id=${rowId(row)}
    data-row=${position}
    data-layer=${layer.name}
    aria-rowindex=${position + 2}
    aria-selected=${isSelected}
  >
    <span class="state" role="presentation" title=${statusSentence(status, layer) || nothing}
      >${status.kind === 'pruned' ? nothing : icon('lock', 'dim')}</span
    >
    <span class="c-name ellipsis" role="gridcell" title="${layer.name} ${layer.operatorLabel}"
      >${layer.name} <span class="dim op">${layer.operatorLabel}</span></span
    >
    <span class="c-shape dim ellipsis" role="gridcell" title=${elementsText(row)}>${shape}</span>
    <span class="c-mini" role="gridcell">${mini(row)}</span>
    ${status.kind === 'pruned' ? numbers(ui, row, isEditing) : withoutNumbers(ui, row, isEditing)}
  </div>`;
}

/** Why there are no numbers, and beside it the override where one would change that. */
function withoutNumbers(ui: Ui, row: LayerRow, isEditing: boolean): TemplateResult {
  const { layer, status } = row;
  const hasOwn = canOverride(ui, row);
  return html`<span
      class="reason dim ellipsis ${hasOwn ? 'beside-own' : ''}"
      role="gridcell"
      aria-colspan=${hasOwn ? 1 : 2}
      title=${statusSentence(status, layer)}
      >${statusReason(status, layer)}</span
    >${hasOwn ? own(ui, row, isEditing) : nothing}`;
}

function elementsText({ layer }: LayerRow): string {
  return l10n.t(
    '{0} weights, {1}',
    countText(layer.weight?.elementCount ?? 0),
    layer.weight?.dtype ?? '',
  );
}

function mini(row: LayerRow): TemplateResult {
  const distribution = row.statistics?.distribution ?? null;
  if (distribution === null) return html`<span class="wait"></span>`;
  const chart = miniHistogram({
    id: `mini-${row.index}`,
    distribution,
    threshold: weightThreshold(row.predicted),
    off: row.status.kind !== 'pruned',
  });
  return html`<svg
    class="mini"
    viewBox="0 0 104 16"
    preserveAspectRatio="none"
    role="img"
    aria-label=${miniLabel(row)}
  >
    ${svg`${chart}`}
  </svg>`;
}

function miniLabel({ layer, predicted }: LayerRow): string {
  if (predicted === null) return layer.name;
  const share = percentText(sparsityOf(predicted));
  if (!predicted.byMagnitude) return l10n.t('{0}: {1} by their score', layer.name, share);
  const { threshold } = predicted;
  if (threshold === null) return l10n.t('{0}: nothing is pruned', layer.name);
  return l10n.t('{0}: {1} up to {2}', layer.name, share, significantText(threshold));
}

function sparsityOf({ zerosAfter, elementCount }: LayerPrediction): number {
  return zerosAfter / Math.max(1, elementCount);
}

function numbers(ui: Ui, row: LayerRow, isEditing: boolean): TemplateResult {
  const { predicted } = row;
  if (predicted === null) {
    return html`<span class="c-after num dim" role="gridcell">…</span
      ><span class="bar"></span>${own(ui, row, isEditing)}`;
  }
  const { zerosBefore, zerosAfter, elementCount } = predicted;
  const before = zerosBefore === 0 ? '0' : decimalText((zerosBefore / elementCount) * 100, 1);
  const share = sparsityOf(predicted);
  const exact = l10n.t(
    '{0} of {1} weights are zero',
    countText(zerosAfter),
    countText(elementCount),
  );
  return html`<span class="c-after num" role="gridcell" title=${exact}
      ><span class="dim from">${before} → </span>${percentText(share)}</span
    >
    <span class="bar" aria-hidden="true"
      ><i ${cssProperties({ width: `${share * 100}%` })}></i
    ></span>
    ${own(ui, row, isEditing)}`;
}

function own(ui: Ui, row: LayerRow, isEditing: boolean): TemplateResult {
  const text = overrideText(ui, row.layer.name);
  if (isEditing)
    return html`<span class="c-own num" role="gridcell">${editor(ui, row, text)}</span>`;
  if (!canOverride(ui, row)) return html`<span class="c-own num" role="gridcell">${text}</span>`;
  return html`<span class="c-own num" role="gridcell" title=${l10n.t('Double click or F2 to edit')}
    >${text === '' ? html`<span class="hint">${icon('edit')}</span>` : text}</span
  >`;
}

/** The layer's own target as it is typed: a share, or a threshold after ≤. */
function overrideText(ui: Ui, layer: string): string {
  const setting = currentRecipe(ui.state)?.layers[layer];
  if (setting?.sparsity !== undefined) return percentFieldText(setting.sparsity);
  if (setting?.threshold !== undefined) return `≤\u00a0${numberFieldText(setting.threshold, 3)}`;
  return '';
}

function editor(ui: Ui, row: LayerRow, text: string): TemplateResult {
  const typed = ui.state.view.fields['override'];
  const close = () => ui.dispatch({ type: 'editOverride', layer: null });
  const accept = (given: string) => {
    if (acceptOverride(ui, row, given)) close();
    else
      ui.dispatch({ type: 'refuseField', field: 'override', error: l10n.t('Between 0 and 100 %') });
  };
  return html`${textField({
    id: 'override',
    label: l10n.t('Override of {0}', row.layer.name),
    text: typed?.text ?? text,
    error: typed?.error ?? null,
    size: 'row',
    autofocus: true,
    onType: (given) => ui.dispatch({ type: 'typeField', field: 'override', text: given }),
    onCommit: accept,
    onCancel: close,
    onLeave: close,
  })}${typed?.error ? html`<span class="field-error" role="alert">${typed.error}</span>` : nothing}`;
}
