import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { CRITERIA, type Criterion, type CriterionOptions } from '../../src/core/criteria/criterion';
import type { Recipe } from '../../src/core/recipe/recipe';
import { dropdown, type DropdownGroup } from '../components/dropdown';
import { link } from '../components/link';
import { type MissingNeed, missingNeed } from '../state/criterionNeeds';
import { optionsFor } from '../state/criterionOptions';
import { withCriterion, withOption } from '../state/methodEdits';
import { isBusy } from '../state/panelState';
import { presentSparsity } from '../state/selectFigures';
import {
  criteriaByFamily,
  criterionNote,
  familyName,
  missingNeedAdvice,
  missingNeedText,
} from './criterionWords';
import { formRow } from './formRow';
import type { Ui } from './ui';
import { criterionName } from './words';

/** By what the weights are ranked, and in which form of it. */
export function criterionRows(ui: Ui, recipe: Recipe): TemplateResult {
  const allowed = optionsFor(recipe);
  return html`${criterionRow(ui, recipe)}
  ${allowed.includes('of') ? subjectRow(ui, recipe) : nothing}
  ${allowed.includes('sensitivity') ? sensitivityRow(ui, recipe) : nothing}
  ${allowed.includes('entropy') ? entropyRow(ui, recipe) : nothing}
  ${allowed.includes('order') ? orderRow(ui, recipe) : nothing}
  ${allowed.includes('hessian') ? hessianRow(ui, recipe) : nothing}
  ${allowed.includes('extent') ? extentRow(ui, recipe) : nothing}`;
}

function criterionRow(ui: Ui, recipe: Recipe): TemplateResult {
  const control = dropdown({
    id: 'criterion',
    label: l10n.t('Criterion'),
    value: recipe.criterion,
    options: groups(ui, recipe.criterion),
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const criterion = CRITERIA.find((one) => one === value) ?? recipe.criterion;
      const changed = withCriterion(recipe, criterion, presentSparsity(ui.state));
      ui.dispatch({ type: 'change', recipe: changed });
    },
  });
  return formRow(l10n.t('Criterion'), control, { note: note(ui, recipe.criterion) });
}

/** The one in use can stay, so that a recipe which cannot run yet is not changed by looking at it. */
function groups(ui: Ui, chosen: Criterion): DropdownGroup[] {
  return criteriaByFamily().map(({ family, criteria }) => ({
    heading: familyName(family),
    options: criteria.map((criterion) => {
      const need = criterion === chosen ? null : missingNeed(ui.state, criterion);
      const label = criterionName(criterion);
      return need === null
        ? { value: criterion, label }
        : { value: criterion, label, disabledBecause: missingNeedText(need) };
    }),
  }));
}

function note(ui: Ui, criterion: Criterion): TemplateResult {
  const need = missingNeed(ui.state, criterion) ?? commonNeed(ui);
  return html`${criterionNote(criterion)} ${need === null ? nothing : advice(ui, need)}`;
}

/** What most of the other criteria lack, where it is the same for all of them. */
function commonNeed(ui: Ui): MissingNeed | null {
  const need = missingNeed(ui.state, 'wanda');
  return need ?? missingNeed(ui.state, 'taylor');
}

function advice(ui: Ui, need: MissingNeed): TemplateResult {
  const choose = () => ui.dispatch({ type: 'ask', wish: 'browseData' });
  return html`${missingNeedAdvice(need)}
  ${need === 'data' ? link(l10n.t('Choose Data…'), choose, { disabled: isBusy(ui.state) }) : nothing}`;
}

interface FormRow<K extends keyof CriterionOptions> {
  readonly name: K;
  readonly label: string;
  /** Of the option; the first one is the default, which a recipe does not name. */
  readonly choices: readonly (readonly [NonNullable<CriterionOptions[K]> & string, string])[];
}

function subjectRow(ui: Ui, recipe: Recipe): TemplateResult {
  return optionRow(ui, recipe, {
    name: 'of',
    label: l10n.t('Ranks'),
    choices: [
      ['weights', l10n.t('Weights')],
      ['activations', l10n.t('Units, by their activations')],
    ],
  });
}

function sensitivityRow(ui: Ui, recipe: Recipe): TemplateResult {
  return optionRow(ui, recipe, {
    name: 'sensitivity',
    label: l10n.t('Sensitivity'),
    choices: [
      ['derivative', l10n.t('Squared derivative of the outputs')],
      ['delta-mse', l10n.t('Change of the outputs (delta MSE)')],
    ],
  });
}

function entropyRow(ui: Ui, recipe: Recipe): TemplateResult {
  return optionRow(ui, recipe, {
    name: 'entropy',
    label: l10n.t('Entropy of'),
    choices: [
      ['minmax', l10n.t('A histogram of the activations')],
      ['zero-one', l10n.t('A histogram from 0 to 1')],
      ['active', l10n.t('Active or not')],
      ['share', l10n.t('The share of the layer’s activation')],
    ],
  });
}

function orderRow(ui: Ui, recipe: Recipe): TemplateResult {
  return optionRow(ui, recipe, {
    name: 'order',
    label: l10n.t('Order'),
    choices: [
      ['lowest-first', l10n.t('The lowest scores go first')],
      ['highest-first', l10n.t('The highest go first, as in the paper')],
    ],
  });
}

function hessianRow(ui: Ui, recipe: Recipe): TemplateResult {
  return optionRow(ui, recipe, {
    name: 'hessian',
    label: l10n.t('Hessian'),
    choices: [
      ['fisher', l10n.t('Empirical Fisher')],
      ['gauss-newton', l10n.t('Gauss-Newton')],
      ['exact', l10n.t('Exact (small networks)')],
      ['hutchinson', l10n.t('Exact, estimated (Hutchinson)')],
    ],
  });
}

function extentRow(ui: Ui, recipe: Recipe): TemplateResult {
  return optionRow(ui, recipe, {
    name: 'extent',
    label: l10n.t('Hessian of'),
    choices: [
      ['layer', l10n.t('Each layer')],
      ['network', l10n.t('The whole network (small ones)')],
    ],
  });
}

/** A row to choose one form of a criterion. */
export function optionRow<K extends keyof CriterionOptions>(
  ui: Ui,
  recipe: Recipe,
  { name, label, choices }: FormRow<K>,
): TemplateResult {
  const value = recipe.options?.[name] ?? choices[0]?.[0] ?? '';
  const control = dropdown({
    id: `option-${name}`,
    label,
    value: String(value),
    options: choices.map(([choice, text]) => ({ value: choice, label: text })),
    disabled: isBusy(ui.state),
    onChange: (chosen) => {
      const index = choices.findIndex(([choice]) => choice === chosen);
      const next = index <= 0 ? undefined : choices[index]?.[0];
      ui.dispatch({ type: 'change', recipe: withOption(recipe, name, next) });
    },
  });
  return formRow(label, control);
}
