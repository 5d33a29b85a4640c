import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { button } from '../../components/button';
import { icon } from '../../components/icon';
import { toolButton } from '../../components/toolButton';
import { countText, percentText } from '../../format/numbers';
import { currentRecipe, isBusy } from '../../state/panelState';
import { curvesOf, type Curve, type Curves } from '../../state/selectCurves';
import { withMethod } from '../../state/takeOver';
import { engineWords } from '../engineWords';
import { pane } from '../pane';
import type { Ui } from '../ui';
import { curveFigure } from './curveFigure';
import { curveTable } from './curveTable';
import { methodName, metricText, metricTitle, pointText } from './curveWords';

/** The metric against sparsity, a curve for each criterion, and the best of them to take over. */
export function curvesPane(ui: Ui): TemplateResult {
  const { sweep, view } = ui.state;
  const curves = sweep === null ? null : curvesOf(sweep);
  return pane(ui, {
    id: 'curves',
    title: curves === null ? l10n.t('Accuracy against sparsity') : metricTitle(curves.metric),
    sub: subtitle(ui),
    actions: [
      toolButton({
        icon: 'table',
        label: l10n.t('Show the curves as table'),
        pressed: view.curvesAsTable,
        onClick: () => ui.dispatch({ type: 'toggle', what: 'curvesAsTable' }),
      }),
    ],
    body: curves === null ? empty() : body(ui, curves),
  });
}

function subtitle({ state }: Ui): string {
  const { sweep } = state;
  const result = sweep?.result ?? null;
  if (sweep === null || result === null) return '';
  const { name } = engineWords(result.engine);
  const stale = sweep.revision === state.recipe?.revision ? '' : staleText();
  return l10n.t('{0} samples, {1}', countText(result.samples), name) + stale;
}

function staleText(): string {
  return ` · ${l10n.t('of the plan before the last change')}`;
}

function empty(): TemplateResult {
  return html`<p class="note-line sec">
    ${l10n.t('Compare draws what each criterion leaves of the accuracy as sparsity rises.')}
  </p>`;
}

function body(ui: Ui, curves: Curves): TemplateResult {
  return html`${bestLine(ui, curves)}
  ${ui.state.view.curvesAsTable ? curveTable(curves) : curveFigure(ui, curves)}
  ${readout(ui, curves)} ${problems(curves)}
  ${ui.state.view.curvesAsTable ? nothing : curveTable(curves)}`;
}

/** The best under the bound, in words, and the button that takes it over. */
function bestLine(ui: Ui, { best, metric, limit }: Curves): TemplateResult | typeof nothing {
  if (ui.state.sweep?.result === null) return nothing;
  if (best === null) {
    return html`<p class="note-line sec">
      ${l10n.t('None of them stays within the bound at these sparsities.')}
    </p>`;
  }
  const { criterion, granularity, sparsity, value } = best.best;
  const sentence = l10n.t(
    'Best: {0} at {1}, {2}',
    methodName({ criterion, granularity }),
    percentText(sparsity, 0),
    metricText(metric, value),
  );
  const bound = limit === null ? '' : l10n.t('bound {0}', metricText(metric, limit));
  return html`<div class="best-line">
    ${icon('pass', 'ok')}<span class="strong">${sentence}</span><span class="sec">${bound}</span>
    ${button({
      label: l10n.t('Use Best'),
      disabled: isBusy(ui.state),
      onClick: () => takeOver(ui, best.best, sparsity),
    })}
  </div>`;
}

/** The point that the keyboard or the mouse is on. */
function readout(ui: Ui, curves: Curves): TemplateResult {
  const { cursor } = ui.state.view;
  const curve = cursor === null ? undefined : curves.curves[cursor.curve];
  const point = curve?.points.find(({ sparsity }) => sparsity === cursor?.sparsity);
  if (curve === undefined || point === undefined) {
    return html`<div class="readout sec">
      ${l10n.t('Point at a curve, or move along it with the arrow keys.')}
    </div>`;
  }
  return html`<div class="readout">
    <span>${pointText(curves.metric, curve, point)}</span>
    ${button({
      label: l10n.t('Use This'),
      disabled: isBusy(ui.state),
      onClick: () => takeOver(ui, curve.method, point.sparsity),
    })}
  </div>`;
}

function takeOver(ui: Ui, method: Curve['method'], sparsity: number): void {
  const recipe = currentRecipe(ui.state);
  if (recipe === null) return;
  ui.dispatch({ type: 'change', recipe: withMethod(recipe, method, sparsity) });
  ui.dispatch({ type: 'showPage', page: 'plan' });
}

function problems({ curves }: Curves): TemplateResult | typeof nothing {
  const failed = curves.filter(({ problem }) => problem !== null);
  if (failed.length === 0) return nothing;
  return html`<ul class="notices">
    ${failed.map(
      ({ method, problem }) =>
        html`<li>${icon('warning', 'warning')}<span>${methodName(method)}: ${problem}</span></li>`,
    )}
  </ul>`;
}
