import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Recipe } from '../../src/core/recipe/recipe';
import { dropdown } from '../components/dropdown';
import { toolButton } from '../components/toolButton';
import { currentRecipe, isBusy } from '../state/panelState';
import { withExclude, withScope } from '../state/recipeEdits';
import { criterionRows } from './criterionRows';
import { dataRows } from './dataChoice';
import { formRow, valueField } from './formRow';
import { granularityRows } from './granularityRows';
import { moreMethodRows } from './moreMethod';
import { pane } from './pane';
import { targetRows } from './target';
import { layoutRow } from './unitLayout';
import type { Ui } from './ui';
import { scopeName } from './words';

/** How the model is pruned: criterion, granularity, scope, target, exclusions, data. */
export function method(ui: Ui): TemplateResult {
  const recipe = currentRecipe(ui.state);
  return pane(ui, {
    id: 'method',
    title: l10n.t('Method'),
    actions: methodActions(ui),
    body: html`${recipe === null ? nothing : form(ui, recipe)}`,
  });
}

function methodActions(ui: Ui): TemplateResult[] {
  return [
    toolButton({
      icon: 'discard',
      label: l10n.t('Undo the last change of the plan'),
      disabled: ui.state.recipe?.canUndo !== true || isBusy(ui.state),
      onClick: () => ui.dispatch({ type: 'ask', wish: 'undo' }),
    }),
    toolButton({
      icon: 'graphLine',
      label: l10n.t('Compare criteria'),
      disabled: ui.state.recipe === null,
      onClick: () => ui.dispatch({ type: 'showPage', page: 'compare' }),
    }),
    toolButton({
      icon: 'json',
      label: l10n.t('Show as recipe'),
      disabled: ui.state.recipe === null,
      onClick: () => ui.dispatch({ type: 'ask', wish: 'showRecipe' }),
    }),
  ];
}

function form(ui: Ui, recipe: Recipe): TemplateResult {
  return html`<div class="form">
    ${criterionRows(ui, recipe)} ${granularityRows(ui, recipe)} ${scopeRow(ui, recipe)}
    ${targetRows(ui, recipe)} ${excludeRow(ui, recipe)} ${layoutRow(ui, recipe)} ${dataRows(ui)}
    ${moreMethodRows(ui, recipe)}
  </div>`;
}

function scopeRow(ui: Ui, recipe: Recipe): TemplateResult {
  const scopes = ['global', 'layer'] as const;
  const control = dropdown({
    id: 'scope',
    label: l10n.t('Scope'),
    value: recipe.scope,
    options: scopes.map((scope) => ({ value: scope, label: scopeName(scope) })),
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const scope = value === 'layer' ? 'layer' : 'global';
      ui.dispatch({ type: 'change', recipe: withScope(recipe, scope) });
    },
  });
  return formRow(l10n.t('Scope'), control);
}

function excludeRow(ui: Ui, recipe: Recipe): TemplateResult {
  const control = valueField(ui, {
    field: 'exclude',
    label: l10n.t('Exclude'),
    text: recipe.exclude.join(', '),
    placeholder: l10n.t('Layer names, * for any'),
    disabled: isBusy(ui.state),
    accept: (text) => {
      ui.dispatch({ type: 'change', recipe: withExclude(recipe, text) });
      return null;
    },
  });
  return formRow(l10n.t('Exclude'), control);
}
