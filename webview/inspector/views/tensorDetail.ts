import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Bars, TensorDetail } from '../../../src/protocol/hostInspector';
import { valueHistogram } from '../../charts/valueHistogram';
import { valueScale } from '../../charts/valueScale';
import { observeSize } from '../../components/observeSize';
import { toolButton } from '../../components/toolButton';
import { countText, shapeText, significantText } from '../../format/numbers';
import { selectAllTensors, type TensorRow } from '../state/selectTensors';
import { barsTable } from './barsTable';
import { inspectorPane } from './inspectorPane';
import type { InspectorUi } from './inspectorUi';
import { tensorFacts } from './tensorFacts';
import { tensorStatistics } from './tensorStatistics';
import { tensorName } from './tensorWords';

/** The selected tensor: how its values are spread, and what is known of it. */
export function tensorDetail(ui: InspectorUi): TemplateResult {
  const { selected } = ui.state.view;
  const row = selected === null ? undefined : selectAllTensors(ui.state)[selected];
  const { detail } = ui.state;
  const known = detail?.tensor === selected ? detail : null;
  return html`${inspectorPane(ui, {
    id: 'detail',
    title: l10n.t('Distribution'),
    actions: [scaleToggle(ui), tableToggle(ui)],
    body: row === undefined ? html`` : distribution(ui, row, known),
  })}
  ${row === undefined ? nothing : tensorFacts(ui, row)}`;
}

function scaleToggle(ui: InspectorUi): TemplateResult {
  return toolButton({
    icon: 'ruler',
    label: l10n.t('Logarithmic count'),
    pressed: ui.state.view.logarithmic,
    onClick: () => ui.dispatch({ type: 'toggle', what: 'logarithmic' }),
  });
}

function tableToggle(ui: InspectorUi): TemplateResult {
  return toolButton({
    icon: 'table',
    label: l10n.t('Show as table'),
    pressed: ui.state.view.asTable,
    onClick: () => ui.dispatch({ type: 'toggle', what: 'asTable' }),
  });
}

function distribution(
  ui: InspectorUi,
  row: TensorRow,
  detail: TensorDetail | null,
): TemplateResult {
  const { tensor, layer } = row;
  const name = tensorName(ui.state.model, row.index);
  const copy = () => ui.dispatch({ type: 'copy', text: name });
  const words = [layer?.operatorLabel, shapeText(tensor.shape), tensor.storage.elementType];
  return html`<div class="detail-title">
      <span class="strong ellipsis" title=${name}>${name}</span>
      ${toolButton({ icon: 'copy', label: l10n.t('Copy Name'), onClick: copy })}
      <span class="sec ellipsis">${words.filter(Boolean).join(', ')}</span>
    </div>
    ${detail === null ? waiting(ui) : chart(ui, row, detail)}
    ${detail === null ? nothing : tensorStatistics(ui, row, detail)}`;
}

function waiting(ui: InspectorUi): TemplateResult {
  const isComing = ui.state.reading.state === 'reading' || ui.state.reading.state === 'opening';
  const text = isComing
    ? l10n.t('Reading the values…')
    : ui.state.reading.state === 'stopped'
      ? l10n.t('The values of this tensor have not been read.')
      : l10n.t('Values of this type have no distribution.');
  return html`<div class="figure"><p class="note-line sec">${text}</p></div>`;
}

function chart(ui: InspectorUi, { index }: TensorRow, detail: TensorDetail): TemplateResult {
  const { bars } = detail;
  if (bars.counts.length === 0) {
    const text = l10n.t('None of its values is a finite number.');
    return html`<div class="figure"><p class="note-line sec">${text}</p></div>`;
  }
  const { figureWidth: width, figureHeight: height } = ui.measures;
  const scale = valueScale({ width, height }, bars.from, bars.to);
  const drawing = valueHistogram(bars, scale, ui.state.view.logarithmic);
  return html`<div class="figure" ${observeSize((w, h) => onSize(ui, w, h))}>
    ${
      ui.state.view.asTable
        ? barsTable(bars)
        : html`<svg
            class="chart"
            role="img"
            aria-label=${sentence(tensorName(ui.state.model, index), detail, bars)}
          >
            ${svg`${drawing}`}
          </svg>`
    }
  </div>`;
}

/** The chart in one sentence that says the result. */
function sentence(name: string, { statistics }: TensorDetail, { zeros }: Bars): string {
  const { min, max, mean, std } = statistics;
  const number = (value: number | null) => (value === null ? '–' : significantText(value));
  return l10n.t(
    'Distribution of {0}: from {1} to {2}, mean {3}, standard deviation {4}, {5} zeros apart',
    name,
    number(min),
    number(max),
    number(mean),
    number(std),
    countText(zeros),
  );
}

function onSize(ui: InspectorUi, width: number, height: number): void {
  if (width === ui.measures.figureWidth && height === ui.measures.figureHeight) return;
  // Folded away it has no size: the last one serves until it has again.
  if (width === 0 || height === 0) return;
  ui.measures.figureWidth = width;
  ui.measures.figureHeight = height;
  ui.redraw();
}
