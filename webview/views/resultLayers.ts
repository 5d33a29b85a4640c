import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit-html';
import type { ReportLayer } from '../../src/core/report/report';
import { cssProperties } from '../components/cssProperties';
import { observeSize } from '../components/observeSize';
import { countText, percentText, significantText } from '../format/numbers';
import type { Ui } from './ui';
import { ROW_HEIGHT, visibleRows } from './virtualRows';
import { virtualSpace } from './virtualSpace';

/** What became of each layer of the plan; only the rows in sight are in the page. */
export function resultLayers(ui: Ui, layers: readonly ReportLayer[]): TemplateResult {
  const { measures } = ui;
  const { first, end } = visibleRows(layers.length, measures.resultScroll, measures.resultHeight);
  const drawn = layers.slice(first, end).map((layer, offset) => resultRow(layer, first + offset));
  return html`<div
    class="grid ${layers.length * ROW_HEIGHT > measures.resultHeight ? 'scrolls' : ''}"
    role="table"
    aria-label=${l10n.t('Layers')}
    aria-rowcount=${layers.length + 1}
  >
    <div class="list-head result" role="row" aria-rowindex="1">
      <span role="columnheader">${l10n.t('Layer')}</span>
      <span role="columnheader" class="num">${l10n.t('Weights')}</span>
      <span role="columnheader" class="num">${l10n.t('Sparsity')}</span>
      <span role="presentation"></span>
      <span role="columnheader" class="num">${l10n.t('Threshold')}</span>
    </div>
    <div
      class="list"
      tabindex="0"
      role="rowgroup"
      @scroll=${(event: Event) => onScroll(ui, event)}
      ${observeSize((_width, height) => onHeight(ui, height))}
    >
      ${virtualSpace(layers.length, first, drawn)}
    </div>
  </div>`;
}

function resultRow(layer: ReportLayer, position: number): TemplateResult {
  const elements = Math.max(1, layer.elementCount);
  const share = layer.zerosAfter / elements;
  const before = layer.zerosBefore === 0 ? '0' : percentText(layer.zerosBefore / elements);
  const exact = l10n.t(
    '{0} of {1} weights are zero',
    countText(layer.zerosAfter),
    countText(layer.elementCount),
  );
  const threshold = layer.threshold === null ? '–' : significantText(layer.threshold);
  return html`<div class="list-row result" role="row" aria-rowindex=${position + 2}>
    <span role="cell" class="ellipsis" title=${layer.tensor}>${layer.layer}</span>
    <span role="cell" class="num dim">${countText(layer.elementCount)}</span>
    <span role="cell" class="num" title=${exact}
      ><span class="dim">${before} → </span>${percentText(share)}</span
    >
    <span class="bar" aria-hidden="true"
      ><i ${cssProperties({ width: `${share * 100}%` })}></i
    ></span>
    <span role="cell" class="num" title=${layer.threshold ?? ''}>${threshold}</span>
  </div>`;
}

function onScroll(ui: Ui, event: Event): void {
  ui.measures.resultScroll = (event.currentTarget as HTMLElement).scrollTop;
  ui.redraw();
}

function onHeight(ui: Ui, height: number): void {
  if (height === ui.measures.resultHeight) return;
  ui.measures.resultHeight = height;
  ui.redraw();
}
