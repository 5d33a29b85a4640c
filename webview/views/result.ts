import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Recipe } from '../../src/core/recipe/recipe';
import type { Report } from '../../src/core/report/report';
import type { PruneResult } from '../../src/protocol/hostWebview';
import { button } from '../components/button';
import { icon } from '../components/icon';
import { toolButton } from '../components/toolButton';
import { byteSizeText, countText, percentText } from '../format/numbers';
import { attainableSizes, isPackable } from '../state/isPackable';
import { targetKind } from '../state/targetEdits';
import { classDetails } from './classDetails';
import { engineLine } from './engineWords';
import { sizeRows, type ComparedPair, type MeasureRow } from './evaluationRows';
import { measureTable } from './measureTable';
import { measureGroups } from './outputGroups';
import { resultLayers } from './resultLayers';
import { resultSummary } from './resultSummary';
import type { Ui } from './ui';
import { verdict } from './verdict';
import { warningList } from './warningList';
import { criterionName, granularityName, scopeName } from './words';

/** What a prune did, in words and numbers, with the command that gives the same bytes. */
export function resultPage(ui: Ui, result: PruneResult): TemplateResult {
  const { report } = result;
  const pair = pairOf(report);
  return html`${resultHeader(ui, result)}
    <main class="result-main">
      <div class="result-left">
        ${resultSummary(report)} ${doneList(report)} ${warningList(report.warnings)}
        ${verdict(pair)} ${measureTable(measureGroups(pair, sizesOf(ui, report), true), false)}
        ${engineLine(pair.before, pair.after)} ${classDetails(ui, pair, false)}
        ${reproduce(ui, result)}
      </div>
      <section class="result-right" aria-label=${l10n.t('Layers')} data-area="layers">
        <h2 class="pane-head">
          <span class="pane-title">${l10n.t('Layers')}</span>
          <span class="sub">${layersText(report.layers.length)}</span>
        </h2>
        ${resultLayers(ui, report.layers)}
      </section>
    </main>`;
}

function layersText(count: number): string {
  return count === 1
    ? l10n.t('1 layer of the plan')
    : l10n.t('{0} layers of the plan', countText(count));
}

function resultHeader(ui: Ui, result: PruneResult): TemplateResult {
  const name = ui.state.model?.name ?? '';
  return html`<header class="doc-head" data-area="header">
    <div class="line">
      ${icon('pass', 'ok')}
      <h1>${result.outputName}</h1>
      <span class="dim">${result.outputFolder}</span>
      <span class="head-actions">
        ${button({
          label: l10n.t('Open'),
          primary: true,
          onClick: () => ui.dispatch({ type: 'ask', wish: 'openResult' }),
        })}
        ${isPackable(formatOf(ui)) ? packButton(ui) : nothing}
        ${button({
          label: l10n.t('Back to Plan'),
          onClick: () => ui.dispatch({ type: 'showPage', page: 'plan' }),
        })}
      </span>
    </div>
    <div class="facts"><span>${l10n.t('from {0}', name)}</span>${recipeFacts(ui)}</div>
  </header>`;
}

function packButton(ui: Ui): TemplateResult {
  return button({
    label: l10n.t('Export Packed…'),
    onClick: () => ui.dispatch({ type: 'ask', wish: 'exportPacked' }),
  });
}

function recipeFacts(ui: Ui): TemplateResult[] {
  const revision = ui.state.result?.revision;
  const recipe = ui.state.recipe?.saved;
  // The recipe may have changed since; then it does not tell how this file came about.
  if (recipe === undefined || ui.state.recipe?.revision !== revision) return [];
  const own = Object.keys(recipe.layers).length;
  const facts = [
    criterionName(recipe.criterion),
    granularityName(recipe.granularity),
    scopeName(recipe.scope),
    ...targetTexts(recipe),
  ];
  if (own > 0) facts.push(own === 1 ? l10n.t('1 override') : l10n.t('{0} overrides', own));
  return [...facts, l10n.t('seed {0}', recipe.seed)].map((fact) => html`<span>${fact}</span>`);
}

function targetTexts(recipe: Recipe): readonly string[] {
  const { sparsity = 0, threshold = 0, stdFactor = 0, macs = 0, maxBytes = 0 } = recipe;
  switch (targetKind(recipe)) {
    case null:
      return [];
    case 'sparsity':
      return [l10n.t('target {0}', percentText(sparsity, 0))];
    case 'threshold':
    case 'unitThreshold':
      return [l10n.t('threshold {0}', threshold)];
    case 'stdFactor':
      return [l10n.t('{0} standard deviations', stdFactor)];
    case 'macs':
      return [l10n.t('{0} of the multiply-adds', percentText(macs, 0))];
    case 'maxBytes':
      return [l10n.t('at most {0} packed', byteSizeText(maxBytes))];
  }
}

function doneList({ totals, layers }: Report): TemplateResult {
  const units = layers.reduce((sum, layer) => sum + layer.removedUnits, 0);
  const zeroed = l10n.t('{0} of the weights in the plan are zero', percentText(totals.sparsity));
  const unitText = units === 0 ? '' : l10n.t('{0} units with their biases', countText(units));
  return html`<ul class="done">
    <li>
      ${icon('check', 'ok')}<span>${l10n.t('Zeroed')}</span>
      <span>${zeroed}${unitText === '' ? nothing : html`; <span>${unitText}</span>`}</span>
    </li>
    <li>
      ${icon('dash', 'dim')}<span>${l10n.t('Packed')}</span>
      <span class="dim">${l10n.t('no; the weights are stored as they were')}</span>
    </li>
    <li>
      ${icon('dash', 'dim')}<span>${l10n.t('Removed')}</span>
      <span class="dim">${l10n.t('no; only removing whole units makes a network faster')}</span>
    </li>
  </ul>`;
}

function pairOf({ evaluation, comparison }: Report): ComparedPair {
  const { before = null, after = null } = evaluation ?? {};
  return { before, after, comparison: comparison ?? null };
}

function formatOf({ state }: Ui): string {
  return state.model?.format ?? '';
}

function sizesOf(ui: Ui, { sizes, layers, totals }: Report): readonly MeasureRow[] {
  const zerosBefore = layers.reduce((sum, layer) => sum + layer.zerosBefore, 0);
  return sizeRows(attainableSizes(sizes, formatOf(ui)), {
    before: totals.elementCount - zerosBefore,
    after: totals.elementCount - totals.zeros,
  });
}

function reproduce(ui: Ui, { command }: PruneResult): TemplateResult {
  return html`<section aria-label=${l10n.t('Reproduce')} data-area="reproduce">
    <h2 class="pane-head">
      <span class="pane-title">${l10n.t('Reproduce')}</span>
      <span class="sub">${l10n.t('same input, recipe and seed give the same bytes')}</span>
      <span class="actions"
        >${toolButton({
          icon: 'copy',
          label: l10n.t('Copy command'),
          onClick: () => ui.dispatch({ type: 'ask', wish: 'copyCommand' }),
        })}</span
      >
    </h2>
    <pre class="command" tabindex="0">${command}</pre>
  </section>`;
}
