import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type {
  LayerSensitivity,
  SensitivityPoint,
  SensitivityResult,
} from '../../../src/core/sweep/sensitivity';
import { button } from '../../components/button';
import { cssProperties } from '../../components/cssProperties';
import { countText, decimalText, percentText, significantText } from '../../format/numbers';
import { comparedSparsities } from '../../state/compareOrder';
import { withAllocation } from '../../state/methodEdits';
import { currentRecipe, isBusy } from '../../state/panelState';
import { withSparsity } from '../../state/targetEdits';
import { presentSparsity } from '../../state/selectFigures';
import { pane } from '../pane';
import type { Ui } from '../ui';
import { criterionName } from '../words';
import { compareRefusal } from './compareForm';
import { differenceText } from './curveWords';

/** A loss of accuracy that is drawn in full colour. */
const FULL_DROP = 0.2;

/** What the model loses where one layer alone is pruned: layers by sparsities, and budgets from it. */
export function sensitivityPane(ui: Ui): TemplateResult {
  const { sensitivity } = ui.state;
  const result = sensitivity?.result ?? null;
  return pane(ui, {
    id: 'sensitivity',
    title: l10n.t('Sensitivity of layers'),
    sub: result === null ? '' : subtitle(result),
    body: html`<div class="sensitivity-actions">
        ${measureButton(ui)} ${result === null ? nothing : budgetButton(ui)}
      </div>
      ${result === null ? empty() : heat(result)}`,
  });
}

function subtitle({ metric, criterion, samples }: SensitivityResult): string {
  const name = criterionName(criterion);
  return metric === 'accuracy'
    ? l10n.t(
        'accuracy in % when only this layer is pruned; {0}, {1} samples',
        name,
        countText(samples),
      )
    : l10n.t('loss when only this layer is pruned; {0}, {1} samples', name, countText(samples));
}

function empty(): TemplateResult {
  return html`<p class="note-line sec">
    ${l10n.t('Prunes each layer alone, by the criterion of the plan, to see which bears it.')}
  </p>`;
}

function measureButton(ui: Ui): TemplateResult {
  const refusal = compareRefusal(ui.state);
  const levels = comparedSparsities(ui.state.view.compare);
  return button({
    label: l10n.t('Measure Sensitivity'),
    disabled: refusal !== null || isBusy(ui.state),
    title: refusal,
    onClick: () => ui.dispatch({ type: 'sensitivity', levels }),
  });
}

/** The plan's share stays; the layers that bear more give more of it. */
function budgetButton(ui: Ui): TemplateResult {
  return button({
    label: l10n.t('Use as Budgets'),
    disabled: isBusy(ui.state),
    title: l10n.t('Shares the plan’s sparsity out by sensitivity.'),
    onClick: () => {
      const recipe = currentRecipe(ui.state);
      if (recipe === null) return;
      const target =
        recipe.sparsity === undefined ? withSparsity(recipe, presentSparsity(ui.state)) : recipe;
      ui.dispatch({ type: 'change', recipe: withAllocation(target, 'sensitivity') });
      ui.dispatch({ type: 'showPage', page: 'plan' });
    },
  });
}

function heat(result: SensitivityResult): TemplateResult {
  const sparsities = result.layers[0]?.points.map(({ sparsity }) => sparsity) ?? [];
  return html`<div
      class="scroller"
      tabindex="0"
      role="region"
      aria-label=${l10n.t('Loss by layer and sparsity')}
    >
      <table class="table heat">
        <thead>
          <tr>
            <th scope="col">${l10n.t('Layer')}</th>
            ${sparsities.map(
              (sparsity) => html`<th scope="col" class="num">${percentText(sparsity, 0)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${result.layers.map((layer) => row(result, layer))}
        </tbody>
      </table>
    </div>
    ${result.metric === 'accuracy' ? key() : nothing}`;
}

function row(result: SensitivityResult, { layer, points }: LayerSensitivity): TemplateResult {
  return html`<tr>
    <th scope="row" class="ellipsis" title=${layer}>${layer}</th>
    ${points.map((point) => cell(result, point))}
  </tr>`;
}

function cell({ metric, baseline }: SensitivityResult, point: SensitivityPoint): TemplateResult {
  const { value, difference } = point;
  const lost =
    metric === 'accuracy' ? -difference.difference / FULL_DROP : riseShare(baseline.loss, point);
  const text = metric === 'accuracy' ? decimalText(value * 100, 1) : significantText(value);
  return html`<td
    class="num"
    title=${differenceText(metric, difference.difference)}
    ${cssProperties({ '--heat': String(Math.min(1, Math.max(0, lost))) })}
  >
    ${text}
  </td>`;
}

/** A doubled loss is drawn in full colour. */
function riseShare(loss: number, { difference }: SensitivityPoint): number {
  return loss === 0 ? 1 : difference.difference / Math.abs(loss);
}

function key(): TemplateResult {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return html`<div class="legend heat-key" aria-hidden="true">
    <span>${l10n.t('loss of accuracy 0')}</span>
    <span class="heat-steps"
      >${steps.map((step) => html`<i ${cssProperties({ '--heat': String(step) })}></i>`)}</span
    >
    <span>${l10n.t('20 points and more')}</span>
  </div>`;
}
