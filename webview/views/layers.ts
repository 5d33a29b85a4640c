import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Recipe } from '../../src/core/recipe/recipe';
import { textField } from '../components/textField';
import { toolButton } from '../components/toolButton';
import { countText } from '../format/numbers';
import { hasOwnTarget } from '../prediction/predictPlan';
import { currentRecipe, isBusy } from '../state/panelState';
import { withoutLayerTargets } from '../state/recipeEdits';
import { selectLayerCounts } from '../state/selectFigures';
import { selectRow, selectRows } from '../state/selectRows';
import { progressLine } from './progressLine';
import { layerGrid } from './layerGrid';
import { toggleLock } from './layerCommands';
import { pane } from './pane';
import type { Ui } from './ui';

/** The list of layers: what each holds, what goes, and what is set for it alone. */
export function layers(ui: Ui): TemplateResult {
  return pane(ui, {
    id: 'layers',
    title: l10n.t('Layers'),
    sub: subtitle(ui),
    actions: layerActions(ui),
    body: body(ui),
  });
}

function body(ui: Ui): TemplateResult {
  const { model, view } = ui.state;
  const { read, listed: total } = selectLayerCounts(ui.state);
  const share = total === 0 ? null : read / total;
  return html`${isReading(ui) ? progressLine(share, l10n.t('Reading the weights')) : nothing}
  ${view.filter === null ? nothing : filterField(ui, view.filter)}
  ${model !== null && total === 0 ? noLayers(model.tensors.length) : layerGrid(ui)}
  ${model === null || total === 0 ? nothing : foot(model.tensors.length - total)}`;
}

/** Weights are on their way. What runs may also be a plan that was started in between. */
function isReading({ state }: Ui): boolean {
  if (state.running === null || isBusy(state)) return false;
  const { read, listed } = selectLayerCounts(state);
  return state.model === null || read < listed;
}

function noLayers(tensorCount: number): TemplateResult {
  return html`<p class="note-line sec">${noLayersText(tensorCount)}</p>`;
}

function noLayersText(tensorCount: number): string {
  if (tensorCount === 0) return l10n.t('This file holds no tensors.');
  const reason = l10n.t('Biases, normalizations and statistics never are.');
  return tensorCount === 1
    ? l10n.t('The only tensor cannot be pruned. {0}', reason)
    : l10n.t('None of the {0} tensors can be pruned. {1}', countText(tensorCount), reason);
}

function foot(others: number): TemplateResult | typeof nothing {
  if (others <= 0) return nothing;
  const text =
    others === 1
      ? l10n.t('The other tensor in the file is never pruned.')
      : l10n.t(
          'The other {0} tensors in the file (biases, normalizations) are never pruned.',
          others,
        );
  return html`<div class="list-foot">${text}</div>`;
}

function subtitle(ui: Ui): string {
  const { view } = ui.state;
  const counts = selectLayerCounts(ui.state);
  const total = counts.listed;
  if (total === 0) return '';
  if (isReading(ui)) {
    return l10n.t('reading {0} of {1}', countText(counts.read), countText(total));
  }
  if (view.filter !== null && view.filter !== '') {
    return l10n.t('{0} of {1} shown', countText(selectRows(ui.state).length), countText(total));
  }
  return l10n.t('{0} of {1} are pruned', countText(counts.pruned), countText(total));
}

function layerActions(ui: Ui): TemplateResult[] {
  const selected = selectRow(ui.state, ui.state.view.selected);
  const recipe = currentRecipe(ui.state);
  const isOpen = ui.state.view.filter !== null;
  const isLocked = selected?.status.kind === 'locked';
  return [
    toolButton({
      icon: 'search',
      label: l10n.t('Filter layers'),
      pressed: isOpen,
      onClick: () => ui.dispatch({ type: 'filter', text: isOpen ? null : '' }),
    }),
    toolButton({
      icon: 'lock',
      label: isLocked ? l10n.t('Unlock the selected layer') : l10n.t('Lock the selected layer'),
      pressed: isLocked,
      disabled: selected === null || selected.status.kind === 'never' || isBusy(ui.state),
      onClick: () => selected && toggleLock(ui, selected),
    }),
    toolButton({
      icon: 'clearAll',
      label: l10n.t('Clear all overrides'),
      disabled: isBusy(ui.state) || !hasOwnTargets(recipe),
      onClick: () => recipe && ui.dispatch({ type: 'change', recipe: withoutLayerTargets(recipe) }),
    }),
  ];
}

function hasOwnTargets(recipe: Recipe | null): boolean {
  return recipe !== null && Object.values(recipe.layers).some(hasOwnTarget);
}

function filterField(ui: Ui, text: string): TemplateResult {
  const filter = (typed: string) => ui.dispatch({ type: 'filter', text: typed });
  return html`<div class="filter">
    ${textField({
      id: 'layer-filter',
      label: l10n.t('Filter layers'),
      text,
      placeholder: l10n.t('Filter by name or operator'),
      autofocus: true,
      onType: filter,
      onCommit: filter,
      onCancel: () => ui.dispatch({ type: 'filter', text: null }),
    })}
  </div>`;
}
