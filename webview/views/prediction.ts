import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { byteSizeText, countText, percentText, significantText } from '../format/numbers';
import { endWarning } from '../../src/core/selection/endWarning';
import { scoresOnData } from '../../src/core/recipe/scoresOnData';
import { link } from '../components/link';
import { isByMagnitude, isPredictable } from '../prediction/predictable';
import { currentRecipe } from '../state/panelState';
import { selectFigures, type PlanFigures } from '../state/selectFigures';
import { isPlanExact, selectPrediction } from '../state/selectPrediction';
import { measuredSizes } from '../state/selectEvaluation';
import { pane } from './pane';
import type { Ui } from './ui';
import { warningList } from './warningList';

/** What the plan will do, told before anything is run or written. */
export function prediction(ui: Ui): TemplateResult {
  const figures = selectFigures(ui.state);
  return pane(ui, {
    id: 'prediction',
    title: l10n.t('Prediction'),
    sub: html`<span class="narrow-only">${figures === null ? '…' : summary(figures)}</span>`,
    body: html`${planState(ui)}
      <dl class="kv">${rows(ui, figures)}</dl>
      ${warningList(planWarnings(ui))}`,
  });
}

/** Of the exact plan; while another one is on its way the old one's say nothing. What rows tell is left to them. */
function planWarnings({ state }: Ui): readonly string[] {
  if (state.plan === null || !isPlanExact(state)) return [];
  const { warnings, leftEnds } = state.plan.plan;
  const told = new Set(leftEnds.map(endWarning));
  return warnings.filter((warning) => !told.has(warning));
}

function summary({ zeroed, elementCount }: PlanFigures): string {
  return l10n.t('{0} of {1} weights zeroed', countText(zeroed), countText(elementCount));
}

function rows(ui: Ui, figures: PlanFigures | null): (TemplateResult | typeof nothing)[] {
  const { model } = ui.state;
  if (model === null || figures === null) return [row(l10n.t('Weights zeroed'), html`…`)];
  const unchanged = html`<span class="dim">${l10n.t('unchanged')}</span>`;
  return [
    zeroedRow(figures),
    sparsityRow(figures),
    thresholdRow(ui),
    scoredRow(ui),
    unitsRow(ui, figures),
    row(l10n.t('Size, raw'), html`${byteSizeText(model.byteLength)} ${unchanged}`, {
      title: l10n.t('{0} bytes', countText(model.byteLength)),
    }),
    gzipRow(ui),
    row(l10n.t('Shapes, operators'), unchanged),
  ];
}

function row(
  name: string,
  value: TemplateResult,
  options: { readonly title?: string } = {},
): TemplateResult {
  return html`<dt>${name}</dt>
    <dd title=${options.title ?? nothing}>${value}</dd>`;
}

function zeroedRow({ zeroed, elementCount }: PlanFigures): TemplateResult {
  const of = l10n.t('of {0}', countText(elementCount));
  return row(l10n.t('Weights zeroed'), html`${countText(zeroed)} <span class="dim">${of}</span>`);
}

function sparsityRow({ modelSparsity }: PlanFigures): TemplateResult | typeof nothing {
  if (modelSparsity === null) return nothing;
  const { before, after } = modelSparsity;
  const from = before === 0 ? '0' : percentText(before);
  return row(l10n.t('Model sparsity'), html`${from} → ${percentText(after)}`);
}

function thresholdRow(ui: Ui): TemplateResult | typeof nothing {
  const threshold = selectPrediction(ui.state)?.commonThreshold ?? null;
  const recipe = currentRecipe(ui.state);
  if (threshold === null || recipe === null) return nothing;
  const title = String(threshold);
  const score = isByMagnitude(recipe) ? '|w|' : l10n.t('score');
  return row(l10n.t('Threshold'), html`${score} ≤ ${significantText(threshold, 4)}`, { title });
}

/** On how many samples the scores were found; the hover says what ran them. */
function scoredRow({ state }: Ui): TemplateResult | typeof nothing {
  const scored = isPlanExact(state) ? state.plan?.plan.scored : undefined;
  if (scored === undefined) return nothing;
  const samples =
    scored.samples === 1 ? l10n.t('1 sample') : l10n.t('{0} samples', countText(scored.samples));
  return row(l10n.t('Scored on'), html`${samples}`, { title: scored.engine });
}

/** While the plan is not known, why, and what to do about it. */
function planState(ui: Ui): TemplateResult | typeof nothing {
  const { state } = ui;
  const recipe = currentRecipe(state);
  if (recipe === null || isPlanExact(state) || isPredictable(recipe)) return nothing;
  if (state.running?.task === 'plan') {
    const text = scoresOnData(recipe) ? l10n.t('Scoring…') : l10n.t('Planning…');
    return html`<p class="note-line sec">${text}</p>`;
  }
  if (state.running !== null || state.recipe?.sent !== null) return nothing;
  const plan = link(l10n.t('Plan'), () => ui.dispatch({ type: 'ask', wish: 'plan' }));
  return html`<p class="note-line sec">${l10n.t('This change is not planned.')} ${plan}</p>`;
}

function unitsRow(ui: Ui, { zeroedUnits }: PlanFigures): TemplateResult | typeof nothing {
  if (currentRecipe(ui.state)?.unitThreshold === undefined) return nothing;
  return row(l10n.t('Units zeroed'), html`${zeroedUnits === null ? '…' : countText(zeroedUnits)}`);
}

/** Only what was measured on this very plan: compression cannot be told in advance. */
function gzipRow(ui: Ui): TemplateResult | typeof nothing {
  const sizes = measuredSizes(ui.state);
  const before = sizes?.gzipBefore ?? null;
  const after = sizes?.gzipAfter ?? null;
  if (before === null || after === null) return nothing;
  return row(l10n.t('Size, gzip'), html`${byteSizeText(before)} → ${byteSizeText(after)}`);
}
