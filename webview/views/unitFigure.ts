import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { unitBars } from '../charts/unitBars';
import { observeSize } from '../components/observeSize';
import { toolButton } from '../components/toolButton';
import { countText, numberFieldText, significantText } from '../format/numbers';
import type { LayerRow } from '../state/selectRows';
import { areUnitsUnknown, type RankedUnits, selectUnits } from '../state/selectUnits';
import type { Ui } from './ui';

/** The units of a layer by their scores, with those that go; as bars, or as a table. */
export function unitFigure(
  ui: Ui,
  row: LayerRow,
  onSize: (width: number, height: number) => void,
): TemplateResult {
  const ranked = selectUnits(ui.state, row);
  if (ranked === null) return html`<div class="figure">${pending(ui, row)}</div>`;
  const body = ui.state.view.asTable ? unitTable(ranked) : chart(ui, row, ranked);
  return html`<div class="figure" ${observeSize(onSize)}>${body}</div>
    ${ui.state.view.asTable ? nothing : legend(ranked)}`;
}

/** What switches between units and weights, and between the orders of the units. */
export function unitTools(ui: Ui): TemplateResult {
  const { unitsAsWeights, unitsSorted } = ui.state.view;
  return html`<span class="detail-tools">
    ${
      unitsAsWeights
        ? nothing
        : toolButton({
            icon: 'sort',
            label: l10n.t('Sort units by score'),
            pressed: unitsSorted,
            onClick: () => ui.dispatch({ type: 'toggle', what: 'unitsSorted' }),
          })
    }
    ${toolButton({
      icon: 'graph',
      label: l10n.t('Show the weights instead of the units'),
      pressed: unitsAsWeights,
      onClick: () => ui.dispatch({ type: 'toggle', what: 'unitsAsWeights' }),
    })}
  </span>`;
}

function pending(ui: Ui, row: LayerRow): TemplateResult {
  const text = areUnitsUnknown(ui.state, row)
    ? l10n.t('The units of this layer have no scores: they stay.')
    : l10n.t('Reading the scores of the units…');
  return html`<p class="note-line sec">${text}</p>`;
}

function chart(ui: Ui, { layer }: LayerRow, ranked: RankedUnits): TemplateResult {
  const { figureWidth: width, figureHeight: height } = ui.measures;
  const drawing = unitBars({
    width,
    height,
    bars: ranked.units,
    threshold: ranked.threshold,
    inOrder: !ui.state.view.unitsSorted,
    scoreText: tickText,
    countText,
  });
  return html`<svg class="chart" role="img" aria-label=${sentence(layer.name, ranked)}>
    ${svg`${drawing}`}
  </svg>`;
}

/** Scores of data may be tiny. */
function tickText(score: number): string {
  return score !== 0 && Math.abs(score) < 1e-3
    ? score.toExponential(0).replace('-', '−')
    : numberFieldText(score, 4);
}

/** The chart in one sentence that says the result. */
function sentence(layer: string, { prunedCount, unitCount, threshold }: RankedUnits): string {
  const [pruned, all] = [countText(prunedCount), countText(unitCount)];
  return threshold === null
    ? l10n.t('Scores of the units of {0}; {1} of {2} are pruned', layer, pruned, all)
    : l10n.t(
        'Scores of the units of {0}; {1} of {2} are pruned, with scores up to {3}',
        layer,
        pruned,
        all,
        significantText(threshold),
      );
}

function legend({ units, unitCount, prunedCount, threshold }: RankedUnits): TemplateResult {
  const square = (className: string) =>
    html`<svg width="10" height="10" aria-hidden="true">
      ${svg`<rect class=${className} width="10" height="10"></rect>`}
    </svg>`;
  const kept = countText(unitCount - prunedCount);
  const told = l10n.t('the {0} lowest of {1}', countText(units.length), countText(unitCount));
  return html`<div class="legend units">
    <span>${square('chart-kept')}${l10n.t('{0} units kept', kept)}</span>
    <span>${square('chart-pruned')}${l10n.t('{0} pruned', countText(prunedCount))}</span>
    ${threshold === null ? nothing : html`<span>${l10n.t('score ≤ {0}', significantText(threshold))}</span>`}
    ${units.length === unitCount ? nothing : html`<span>${told}</span>`}
  </div>`;
}

/** The same numbers for those who do not see the chart. */
function unitTable({ units }: RankedUnits): TemplateResult {
  return html`<div
    class="scroller"
    tabindex="0"
    role="region"
    aria-label=${l10n.t('Scores of the units')}
  >
    <table class="table">
      <thead>
        <tr>
          <th scope="col" class="num">${l10n.t('Unit')}</th>
          <th scope="col" class="num">${l10n.t('Score')}</th>
          <th scope="col">${l10n.t('Plan')}</th>
        </tr>
      </thead>
      <tbody>
        ${units.map(
          ({ unit, score, isPruned }) =>
            html`<tr>
              <td class="num">${countText(unit)}</td>
              <td class="num" title=${score ?? nothing}>
                ${score === null ? '–' : significantText(score)}
              </td>
              <td class="dim">${isPruned ? l10n.t('pruned') : ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
