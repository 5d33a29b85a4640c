import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Recipe } from '../../src/core/recipe/recipe';
import { dropdown } from '../components/dropdown';
import { slider } from '../components/slider';
import { numberFieldText, percentFieldText } from '../format/numbers';
import { parseNumber, parseShare } from '../format/parseNumber';
import { isBusy } from '../state/panelState';
import { targetKind, withSparsity, withThreshold, type TargetKind } from '../state/recipeEdits';
import { selectFigures } from '../state/selectFigures';
import { selectPrediction } from '../state/selectPrediction';
import { fieldError, formRow, valueField } from './formRow';
import type { Ui } from './ui';

/** How much goes: a share of the weights, a threshold tau, or tau and then alpha for whole units. */
export function targetRows(ui: Ui, recipe: Recipe): TemplateResult {
  const kind = targetKind(recipe);
  return html`${kindRow(ui, kind, recipe)}
  ${kind === 'sparsity' ? sparsityRow(ui, recipe) : thresholdRow(ui, recipe)}
  ${kind === 'unitThreshold' ? unitThresholdRow(ui, recipe) : nothing}`;
}

function kindRow(ui: Ui, kind: TargetKind, recipe: Recipe): TemplateResult {
  const control = dropdown({
    id: 'target',
    label: l10n.t('Target'),
    value: kind,
    options: [
      { value: 'sparsity', label: l10n.t('Sparsity') },
      { value: 'threshold', label: l10n.t('Threshold τ') },
      { value: 'unitThreshold', label: l10n.t('τ, then units α') },
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => ui.dispatch({ type: 'change', recipe: withTargetKind(ui, recipe, value) }),
  });
  return formRow(l10n.t('Target'), control);
}

/** Another kind of target that prunes about as much as the present one. */
function withTargetKind(ui: Ui, recipe: Recipe, kind: string): Recipe {
  if (kind === 'sparsity') {
    const figures = selectFigures(ui.state);
    const share = figures === null ? 0.5 : figures.zerosAfter / Math.max(1, figures.elementCount);
    return withSparsity(recipe, Math.round(share * 100) / 100);
  }
  const threshold = recipe.threshold ?? presentThreshold(ui);
  return withThreshold(recipe, threshold, kind === 'unitThreshold' ? threshold : null);
}

/** The plan's common threshold, or the middle one of its layers, to three digits. */
function presentThreshold(ui: Ui): number {
  const prediction = selectPrediction(ui.state);
  if (prediction === null) return 0;
  const thresholds = [...prediction.layers.values()].flatMap(({ threshold }) => threshold ?? []);
  const middle = thresholds.sort((a, b) => a - b)[thresholds.length >> 1] ?? 0;
  return Number((prediction.commonThreshold ?? middle).toPrecision(3));
}

function sparsityRow(ui: Ui, recipe: Recipe): TemplateResult {
  const sparsity = recipe.sparsity ?? 0;
  const text = percentFieldText(sparsity);
  const disabled = isBusy(ui.state);
  const label = l10n.t('Sparsity');
  const control = html`${slider({
    id: 'sparsity-slider',
    label,
    share: sparsity,
    text,
    disabled,
    onMove: (share) => ui.dispatch({ type: 'draft', recipe: withSparsity(recipe, share) }),
    onCommit: () => ui.dispatch({ type: 'commit' }),
  })}${valueField(ui, {
    field: 'sparsity',
    label,
    text,
    size: 'number',
    disabled,
    accept: (typed) => {
      const share = parseShare(typed);
      if (share === null) return { error: l10n.t('Between 0 and 100 %') };
      ui.dispatch({ type: 'change', recipe: withSparsity(recipe, share) });
      return null;
    },
  })}`;
  return formRow(label, control, { error: fieldError(ui, 'sparsity') });
}

function thresholdRow(ui: Ui, recipe: Recipe): TemplateResult {
  const control = thresholdField(ui, {
    field: 'threshold',
    label: l10n.t('Threshold τ'),
    value: recipe.threshold ?? 0,
    change: (threshold) => withThreshold(recipe, threshold, recipe.unitThreshold ?? null),
  });
  return formRow(l10n.t('Prune |w| ≤'), control, { error: fieldError(ui, 'threshold') });
}

function unitThresholdRow(ui: Ui, recipe: Recipe): TemplateResult {
  const control = thresholdField(ui, {
    field: 'unitThreshold',
    label: l10n.t('Unit threshold α'),
    value: recipe.unitThreshold ?? 0,
    change: (alpha) => withThreshold(recipe, recipe.threshold ?? 0, alpha),
  });
  return formRow(l10n.t('Units below'), control, {
    error: fieldError(ui, 'unitThreshold'),
    note: l10n.t('A unit whose remaining weights have an L2 norm below α goes, with its bias.'),
  });
}

interface ThresholdField {
  readonly field: string;
  readonly label: string;
  readonly value: number;
  readonly change: (value: number) => Recipe;
}

function thresholdField(ui: Ui, options: ThresholdField): TemplateResult {
  return valueField(ui, {
    field: options.field,
    label: options.label,
    text: numberFieldText(options.value, 6),
    size: 'wide',
    disabled: isBusy(ui.state),
    accept: (typed) => {
      const value = parseNumber(typed);
      if (value === null || value < 0) return { error: l10n.t('A number of 0 or more') };
      ui.dispatch({ type: 'change', recipe: options.change(value) });
      return null;
    },
  });
}
