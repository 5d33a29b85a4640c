import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { withUnitAxis } from '../../src/core/recipe/unitAxis';
import { histogram } from '../charts/histogram';
import { histogramScale } from '../charts/histogramScale';
import { observeSize } from '../components/observeSize';
import { toolButton } from '../components/toolButton';
import { countText, percentText, shapeText, significantText } from '../format/numbers';
import { weightThreshold } from '../prediction/predictPlan';
import { magnitudeTableOf, type MagnitudeTable } from '../prediction/magnitudeTable';
import { currentRecipe, isBusy } from '../state/panelState';
import { withLayerTarget } from '../state/recipeEdits';
import { selectPrediction } from '../state/selectPrediction';
import { selectRow, type LayerRow } from '../state/selectRows';
import { losesUnits } from '../state/selectUnits';
import { selectEvaluation } from '../state/selectEvaluation';
import { histogramLegend } from './histogramLegend';
import { histogramTable } from './histogramTable';
import { layerStatistics } from './layerStatistics';
import { pane } from './pane';
import { thresholdHandle } from './thresholdHandle';
import { thresholdForm } from './thresholdForm';
import { unitFigure, unitTools } from './unitFigure';
import type { Ui } from './ui';
import { unitAxisChoice } from './unitAxisChoice';
import { statusSentence } from './words';

/** The selected layer: its weights, what goes of them, and the handle that changes it. */
export function detail(ui: Ui): TemplateResult {
  const row = selectRow(ui.state, ui.state.view.selected);
  return pane(ui, {
    id: 'detail',
    title: l10n.t('Distribution'),
    actions: [scaleToggle(ui), tableToggle(ui)],
    body: row === null ? html`` : layerDetail(ui, row),
  });
}

/** The tabs that the detail and the evaluation share where they stand in one place. */
export function detailTabs(ui: Ui): TemplateResult {
  const tabs = [
    { id: 'distribution', title: l10n.t('Distribution'), sub: '' },
    { id: 'evaluation', title: l10n.t('Evaluation'), sub: accuracyAfter(ui) },
  ] as const;
  return html`<div
    class="tabs"
    role="tablist"
    @keydown=${(event: KeyboardEvent) => onTabKey(ui, event)}
  >
    ${tabs.map(({ id, title, sub }) => {
      const isOn = ui.state.view.tab === id;
      return html`<button
        type="button"
        class="tab ${isOn ? 'on' : ''}"
        role="tab"
        id="tab-${id}"
        aria-selected=${isOn}
        tabindex=${isOn ? 0 : -1}
        @click=${() => ui.dispatch({ type: 'showTab', tab: id })}
      >
        ${title}${sub === '' ? nothing : html`<span class="was">${sub}</span>`}
      </button>`;
    })}
    <span class="actions">${scaleToggle(ui)}${tableToggle(ui)}</span>
  </div>`;
}

function onTabKey(ui: Ui, event: KeyboardEvent): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const tab = ui.state.view.tab === 'distribution' ? 'evaluation' : 'distribution';
  ui.dispatch({ type: 'showTab', tab });
  document.getElementById(`tab-${tab}`)?.focus();
  event.preventDefault();
}

function accuracyAfter(ui: Ui): string {
  const accuracy = selectEvaluation(ui.state)?.after?.accuracy;
  return accuracy === undefined ? '' : percentText(accuracy);
}

function scaleToggle(ui: Ui): TemplateResult {
  return toolButton({
    icon: 'ruler',
    label: l10n.t('Logarithmic count'),
    pressed: ui.state.view.logarithmic,
    onClick: () => ui.dispatch({ type: 'toggle', what: 'logarithmic' }),
  });
}

function tableToggle(ui: Ui): TemplateResult {
  return toolButton({
    icon: 'table',
    label: l10n.t('Show as table'),
    pressed: ui.state.view.asTable,
    onClick: () => ui.dispatch({ type: 'toggle', what: 'asTable' }),
  });
}

function layerDetail(ui: Ui, row: LayerRow): TemplateResult {
  const { layer, statistics } = row;
  const weight = layer.weight;
  const table = weight && magnitudeTableOf(weight.elementCount, statistics ?? undefined);
  const hasUnits = losesUnits(ui.state, row);
  return html`<div class="detail-title">
      <span class="strong ellipsis">${layer.name}</span>
      <span class="sec ellipsis">${titleText(row)}</span>
      ${hasUnits ? unitTools(ui) : nothing}
    </div>
    ${unitsOf(ui, row)}
    <div class="detail-columns">
      <div class="detail-chart">
        ${hasUnits && !ui.state.view.unitsAsWeights ? unitFigure(ui, row, (w, h) => onFigureSize(ui, w, h)) : weightFigure(ui, row, table)}
      </div>
      <div class="detail-side">
        ${table === null ? nothing : thresholdForm(ui, row, table)} ${layerStatistics(row)}
      </div>
    </div>`;
}

function weightFigure(ui: Ui, row: LayerRow, table: MagnitudeTable | null): TemplateResult {
  return table === null ? reading() : chart(ui, row, table);
}

function unitsOf(ui: Ui, { layer }: LayerRow): TemplateResult | typeof nothing {
  const recipe = currentRecipe(ui.state);
  if (recipe === null) return nothing;
  return unitAxisChoice({
    layer,
    choices: recipe,
    disabled: isBusy(ui.state),
    onChoose: (axis) =>
      ui.dispatch({ type: 'change', recipe: withUnitAxis(recipe, layer.name, axis) }),
  });
}

function titleText({ layer }: LayerRow): string {
  const shape = shapeText(layer.weight?.shape ?? []);
  const count = countText(layer.weight?.elementCount ?? 0);
  return l10n.t('{0}, {1}, {2} weights', layer.operatorLabel, shape, count);
}

function reading(): TemplateResult {
  return html`<div class="figure">
    <p class="note-line sec">${l10n.t('Reading the weights…')}</p>
  </div>`;
}

function chart(ui: Ui, row: LayerRow, table: MagnitudeTable): TemplateResult {
  const distribution = row.statistics?.distribution;
  if (!distribution) return reading();
  const { figureWidth: width, figureHeight: height } = ui.measures;
  const { limit } = distribution;
  const scale = histogramScale({ width, height, limit });
  const isOff = row.status.kind !== 'pruned';
  const { predicted } = row;
  const isDrawn = predicted?.byMagnitude === true;
  const threshold = weightThreshold(predicted);
  const common = selectPrediction(ui.state)?.commonThreshold ?? null;
  const planThreshold = row.overridden && isDrawn ? common : null;
  const drawing = histogram({
    distribution,
    scale,
    threshold,
    planThreshold,
    logarithmic: ui.state.view.logarithmic,
    hasThreshold: isDrawn,
    off: isOff,
  });
  const figure = html`<svg class="chart" role="img" aria-label=${sentence(row)}>
      ${svg`${drawing}`}
    </svg>
    ${isOff ? nothing : handleOf(ui, row, table, { scale, limit })}`;
  return html`<div class="figure" ${observeSize((w, h) => onFigureSize(ui, w, h))}>
      ${ui.state.view.asTable ? histogramTable(distribution, predicted) : figure}
    </div>
    ${ui.state.view.asTable ? nothing : histogramLegend(isOff ? 'off' : isDrawn ? 'threshold' : 'weights', planThreshold)}`;
}

function handleOf(
  ui: Ui,
  row: LayerRow,
  table: MagnitudeTable,
  frame: Pick<Parameters<typeof thresholdHandle>[0], 'scale' | 'limit'>,
): TemplateResult | typeof nothing {
  const { predicted, layer } = row;
  if (predicted?.byMagnitude !== true) return nothing;
  return thresholdHandle({
    ...frame,
    layer: layer.name,
    threshold: predicted.threshold ?? 0,
    table,
    zerosAfter: predicted.zerosAfter,
    disabled: isBusy(ui.state),
    onMove: (threshold) => {
      const recipe = currentRecipe(ui.state);
      if (recipe === null) return;
      const draft = withLayerTarget(recipe, layer.name, { threshold });
      ui.dispatch({ type: 'draft', recipe: draft });
    },
    onCommit: () => ui.dispatch({ type: 'commit' }),
    onRevert: () => ui.dispatch({ type: 'revert' }),
  });
}

/** The chart in one sentence that says the result. */
function sentence({ layer, status, predicted }: LayerRow): string {
  if (predicted === null) {
    const reason = statusSentence(status, layer);
    return l10n.t('Distribution of the weights of {0}. {1}', layer.name, reason);
  }
  const { zerosAfter, elementCount, threshold, byMagnitude } = predicted;
  const share = percentText(zerosAfter / Math.max(1, elementCount));
  if (!byMagnitude) {
    return l10n.t(
      'Distribution of the weights of {0}; {1} are pruned by their score',
      layer.name,
      share,
    );
  }
  return threshold === null
    ? l10n.t('Distribution of the weights of {0}; none is pruned', layer.name)
    : l10n.t(
        'Distribution of the weights of {0}; {1} lie within ±{2} and are pruned',
        layer.name,
        share,
        significantText(threshold),
      );
}

function onFigureSize(ui: Ui, width: number, height: number): void {
  if (width === ui.measures.figureWidth && height === ui.measures.figureHeight) return;
  // Hidden behind a tab or a folded pane it has no size: the last one serves until it has again.
  if (width === 0 || height === 0) return;
  ui.measures.figureWidth = width;
  ui.measures.figureHeight = height;
  ui.redraw();
}
