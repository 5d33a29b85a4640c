import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { TensorFigures } from '../../../src/protocol/hostInspector';
import type { LayerView } from '../../../src/protocol/views';
import { miniBars } from '../../charts/miniBars';
import { cssProperties } from '../../components/cssProperties';
import { icon } from '../../components/icon';
import {
  byteSizeText,
  compactCountText,
  percentText,
  shapeText,
  significantText,
} from '../../format/numbers';
import type { TensorRow } from '../state/selectTensors';
import { selectFlags } from '../unusual/selectUnusual';
import type { TensorColumn } from './columns';
import type { InspectorUi } from './inspectorUi';
import { operatorText, tensorName } from './tensorWords';

/** The id of a row's element. */
export function tensorRowId(index: number): string {
  return `tensor-row-${index}`;
}

/** One tensor. `position` is its place among the rows shown, from 0. */
export function tensorRow(
  ui: InspectorUi,
  row: TensorRow,
  position: number,
  columns: readonly TensorColumn[],
): TemplateResult {
  const { index, tensor } = row;
  const isSelected = index === ui.state.view.selected;
  const figures = ui.state.figures.get(index) ?? null;
  return html`<div
    class="list-row tensors ${isSelected ? 'selected' : ''} ${position % 2 === 1 ? 'odd' : ''}"
    role="row"
    id=${tensorRowId(index)}
    data-row=${position}
    data-tensor=${tensor.name}
    aria-rowindex=${position + 2}
    aria-selected=${isSelected}
  >
    <span class="state" role="presentation">${flag(ui, index)}</span>
    ${columns.map(
      (column, place) =>
        html`<span
          class="cell c-${column.id} ${column.isNumber ? 'num' : 'ellipsis'}"
          role="gridcell"
          aria-colindex=${place + 1}
          data-column=${column.id}
          >${cell(ui, row, column, figures)}</span
        >`,
    )}
  </div>`;
}

function flag(ui: InspectorUi, index: number): TemplateResult | typeof nothing {
  const tone = selectFlags(ui.state).get(index);
  return tone === undefined ? nothing : icon(tone, tone, l10n.t('Unusual'));
}

function cell(
  ui: InspectorUi,
  { index, tensor, layer }: TensorRow,
  { id }: TensorColumn,
  figures: TensorFigures | null,
): unknown {
  switch (id) {
    case 'name':
      return tensorName(ui.state.model, index);
    case 'layer':
      return layer === null ? nothing : layerText(tensor.name, layer);
    case 'shape':
      return html`<span class="dim">${shapeText(tensor.shape)}</span>`;
    case 'type':
      return html`<span class="dim">${tensor.storage.elementType}</span>`;
    case 'elements':
      return compactCountText(tensor.elementCount);
    case 'bytes':
      return bytes(ui, tensor.storage.byteLength);
    case 'distribution':
      return distribution(ui, tensorName(ui.state.model, index), figures);
    case 'zeros':
      return figures === null ? waiting(ui) : zerosText(figures.zeros, tensor.elementCount);
    case 'min':
    case 'max':
    case 'mean':
    case 'std':
      return figures === null ? waiting(ui) : numberText(figures[id]);
  }
}

/** The operator; also the layer's name where the tensor's does not begin with it. */
function layerText(tensor: string, layer: LayerView): TemplateResult {
  return html`<span class=${layer.guessed ? 'guess' : ''}>${operatorText(layer)}</span>
    ${tensor.startsWith(layer.name) ? nothing : html`<span class="dim">${layer.name}</span>`}`;
}

function bytes(ui: InspectorUi, byteLength: number): TemplateResult {
  const share = byteLength / Math.max(1, ui.state.model?.byteLength ?? 1);
  return html`<span class="share">
    <span class="bar" aria-hidden="true"
      ><i ${cssProperties({ width: `${Math.min(100, share * 100)}%` })}></i
    ></span>
    <span>${byteSizeText(byteLength)}</span>
  </span>`;
}

function zerosText(zeros: number, elementCount: number): TemplateResult | string {
  if (zeros === 0) return html`<span class="dim">0</span>`;
  return percentText(zeros / Math.max(1, elementCount));
}

function numberText(value: number | null): string {
  return value === null ? '–' : significantText(value);
}

/** What is on its way, and what never comes: text, complex numbers, or a pass that was stopped. */
function waiting({ state }: InspectorUi): TemplateResult {
  const isComing = state.reading.state === 'reading' || state.reading.state === 'opening';
  return html`<span class="dim">${isComing ? '…' : '–'}</span>`;
}

function distribution(
  ui: InspectorUi,
  name: string,
  figures: TensorFigures | null,
): TemplateResult | typeof nothing {
  if (figures === null) {
    const isComing = ui.state.reading.state === 'reading';
    return isComing ? html`<span class="wait"></span>` : nothing;
  }
  if (figures.bars.counts.length === 0) return nothing;
  return html`<svg
    class="mini"
    viewBox="0 0 104 16"
    preserveAspectRatio="none"
    role="img"
    aria-label=${miniLabel(name, figures)}
  >
    ${svg`${miniBars(figures.bars)}`}
  </svg>`;
}

function miniLabel(name: string, { min, max, mean }: TensorFigures): string {
  return l10n.t(
    '{0}: from {1} to {2}, mean {3}',
    name,
    numberText(min),
    numberText(max),
    numberText(mean),
  );
}
