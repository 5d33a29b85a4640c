import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { isSigned } from '../../src/core/criteria/criterion';
import { link } from '../components/link';
import { numberFieldText, percentText } from '../format/numbers';
import { parseNumber, parseShare } from '../format/parseNumber';
import { isByMagnitude } from '../prediction/predictable';
import { largestMagnitude, type MagnitudeTable } from '../prediction/magnitudeTable';
import { givenTarget } from '../state/givenTarget';
import { currentRecipe, isBusy } from '../state/panelState';
import { withLayerTarget } from '../state/recipeEdits';
import type { LayerRow } from '../state/selectRows';
import { fieldError, valueField } from './formRow';
import { usePlan } from './layerCommands';
import type { Ui } from './ui';
import { givenTargetText, scoreLimitLabel, statusSentence } from './words';

/** The layer's threshold, or its share, as typed values; or why it has none. */
export function thresholdForm(ui: Ui, row: LayerRow, table: MagnitudeTable): TemplateResult {
  if (row.status.kind !== 'pruned') {
    return html`<p class="threshold-form dim">${statusSentence(row.status, row.layer)}</p>`;
  }
  const recipe = currentRecipe(ui.state);
  const given = recipe === null ? null : givenTarget(recipe, row.layer.name);
  if (given !== null) return html`<p class="threshold-form dim">${givenTargetText(given)}</p>`;
  const error = fieldError(ui, 'layerThreshold') ?? fieldError(ui, 'layerSparsity');
  return html`<div class="threshold-form">
    <span>${isOfWeights(ui, row) ? l10n.t('Prune |w| ≤') : limitLabel(ui)}</span
    >${thresholdField(ui, row, table)} <span class="or">${l10n.t('or')}</span>${shareField(ui, row)}
    <span class="sec of">${l10n.t('of layer')}</span>
    <span class="use-plan">${row.overridden ? useThePlan(ui, row) : nothing}</span>
    ${error === null ? nothing : html`<div class="field-error" role="alert">${error}</div>`}
  </div>`;
}

/** Whether it is |w| that the threshold is on. */
function isOfWeights({ state }: Ui, { layer }: LayerRow): boolean {
  const recipe = currentRecipe(state);
  return recipe !== null && isByMagnitude(recipe, recipe.layers[layer.name]);
}

function limitLabel({ state }: Ui): string {
  const recipe = currentRecipe(state);
  return recipe === null ? l10n.t('Prune scores ≤') : scoreLimitLabel(recipe);
}

function hasSignedScores({ state }: Ui): boolean {
  const recipe = currentRecipe(state);
  return recipe !== null && isSigned(recipe.criterion, recipe.options);
}

/** Empty where something goes, but not by a threshold. Scores of data may be tiny. */
function thresholdText({ predicted }: LayerRow): string {
  const { threshold = null, zerosBefore = 0, zerosAfter = 0 } = predicted ?? {};
  if (threshold === null) return zerosAfter > zerosBefore ? '' : '0';
  return threshold !== 0 && Math.abs(threshold) < 1e-4
    ? threshold.toExponential(3)
    : numberFieldText(threshold);
}

function useThePlan(ui: Ui, row: LayerRow): TemplateResult {
  return link(l10n.t('Use plan'), () => usePlan(ui, row), { disabled: isBusy(ui.state) });
}

type LayerTarget = Parameters<typeof withLayerTarget>[2];

function change(ui: Ui, { layer }: LayerRow, target: LayerTarget): null {
  const recipe = currentRecipe(ui.state);
  if (recipe !== null) {
    ui.dispatch({ type: 'change', recipe: withLayerTarget(recipe, layer.name, target) });
  }
  return null;
}

function thresholdField(ui: Ui, row: LayerRow, table: MagnitudeTable): TemplateResult {
  const text = thresholdText(row);
  return valueField(ui, {
    field: 'layerThreshold',
    label: l10n.t('Threshold of {0}', row.layer.name),
    text,
    size: 'wide',
    disabled: isBusy(ui.state) || row.predicted === null,
    accept: (typed) => {
      if (typed === text) return null;
      const threshold = parseNumber(typed);
      const most = largestMagnitude(table);
      const isAnyNumber = hasSignedScores(ui);
      if (threshold === null || (threshold < 0 && !isAnyNumber)) {
        if (isAnyNumber) return { error: l10n.t('A number') };
        if (!isOfWeights(ui, row)) return { error: l10n.t('A number of 0 or more') };
        return { error: l10n.t('Between 0 and the largest weight, {0}', numberFieldText(most)) };
      }
      return change(ui, row, { threshold });
    },
  });
}

function shareField(ui: Ui, row: LayerRow): TemplateResult {
  const { predicted } = row;
  const share = predicted === null ? 0 : predicted.zerosAfter / Math.max(1, predicted.elementCount);
  const text = percentText(share);
  return valueField(ui, {
    field: 'layerSparsity',
    label: l10n.t('Sparsity of {0}', row.layer.name),
    text,
    size: 'number',
    disabled: isBusy(ui.state) || predicted === null,
    accept: (typed) => {
      // What is shown is rounded: leaving it as it is must not become a target.
      if (typed === text) return null;
      const sparsity = parseShare(typed);
      if (sparsity === null) return { error: l10n.t('Between 0 and 100 %') };
      return change(ui, row, { sparsity });
    },
  });
}
