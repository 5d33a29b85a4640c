import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { CRITERION_TRAITS, type UnitReduction } from '../../src/core/criteria/criterion';
import {
  ALLOCATIONS,
  type Recipe,
  type Schedule,
  SCHEDULE_KINDS,
} from '../../src/core/recipe/recipe';
import { dropdown } from '../components/dropdown';
import { link } from '../components/link';
import { optionsFor, reductionsFor } from '../state/criterionOptions';
import { withAllocation, withField, withOption, withoutMask } from '../state/methodEdits';
import { nameOfPath } from '../state/nameOfPath';
import { isBusy } from '../state/panelState';
import { targetKind } from '../state/targetEdits';
import { calibrationRows } from './calibrationRows';
import { optionRow } from './criterionRows';
import { formRow } from './formRow';
import { amountRow, shareRow, wholeRow } from './recipeRows';
import type { Ui } from './ui';
import { allocationName, reductionName, scheduleName } from './words';

/** A schedule of more steps is refused by the recipe's reader. */
const MAX_STEPS = 1000;
/** And so are more random vectors. */
const MAX_PROBES = 10_000;
const FIRST_STEPS = 5;
const AS_SCOPE = '';
const ONE_SHOT = '';

/** The rarer settings of the method, folded away; how many are set is said. */
export function moreMethodRows(ui: Ui, recipe: Recipe): TemplateResult {
  const isOpen = ui.state.view.moreMethod;
  const toggle = () => ui.dispatch({ type: 'toggle', what: 'moreMethod' });
  return html`<div class="more-method">
      ${link(isOpen ? l10n.t('Fewer options') : foldedLabel(recipe), toggle, { expanded: isOpen })}
    </div>
    ${isOpen ? rows(ui, recipe) : nothing}`;
}

function foldedLabel(recipe: Recipe): string {
  const count = setCount(recipe);
  return count === 0 ? l10n.t('More options') : l10n.t('More options ({0} set)', count);
}

function setCount(recipe: Recipe): number {
  const { allocation, maxLayerSparsity, schedule, reconstruction, mask, calibration } = recipe;
  const fields = [allocation, maxLayerSparsity, schedule, reconstruction, mask, calibration];
  const { damping, blockSize, sigma, reduction, probes } = recipe.options ?? {};
  const set = [...fields, damping, blockSize, sigma, reduction, probes].filter(
    (one) => one !== undefined,
  );
  return set.length + (recipe.seed === 0 ? 0 : 1);
}

function rows(ui: Ui, recipe: Recipe): TemplateResult {
  return html`${optionRows(ui, recipe)} ${allocationRow(ui, recipe)} ${maximumRow(ui, recipe)}
  ${scheduleRows(ui, recipe)} ${reconstructionRows(ui, recipe)} ${maskRow(ui, recipe)}
  ${calibrationRows(ui, recipe)} ${seedRow(ui, recipe)}`;
}

type NumberOption = 'damping' | 'blockSize' | 'sigma' | 'probes';

function optionRows(ui: Ui, recipe: Recipe): TemplateResult {
  const allowed = optionsFor(recipe);
  const set = (name: NumberOption) => (value: number | undefined) =>
    withOption(recipe, name, value);
  const row = (name: NumberOption, label: string, placeholder: string) => ({
    field: `option.${name}`,
    label,
    value: recipe.options?.[name],
    placeholder,
    set: set(name),
  });
  return html`${allowed.includes('reduction') ? reductionRow(ui, recipe) : nothing}
  ${allowed.includes('damping') ? amountRow(ui, row('damping', l10n.t('Damping'), dampingDefault(recipe))) : nothing}
  ${allowed.includes('blockSize') ? wholeRow(ui, row('blockSize', l10n.t('Block size'), '128'), 1) : nothing}
  ${allowed.includes('probes') ? wholeRow(ui, row('probes', l10n.t('Random vectors'), '32'), 1, MAX_PROBES) : nothing}
  ${allowed.includes('sigma') ? amountRow(ui, row('sigma', l10n.t('Noise σ'), '0.1')) : nothing}`;
}

function dampingDefault({ options }: Recipe): string {
  return options?.extent === 'network' ? '0.0001' : '0.01';
}

function reductionRow(ui: Ui, recipe: Recipe): TemplateResult {
  const reductions: readonly UnitReduction[] = reductionsFor(recipe);
  return optionRow(ui, recipe, {
    name: 'reduction',
    label: l10n.t('Units by'),
    choices: reductions.map((one) => [one, reductionName(one)] as const),
  });
}

/** Only a share of the weights can be shared out. */
function allocationRow(ui: Ui, recipe: Recipe): TemplateResult | typeof nothing {
  if (targetKind(recipe) !== 'sparsity' && recipe.allocation === undefined) return nothing;
  const control = dropdown({
    id: 'allocation',
    label: l10n.t('Allocation'),
    value: recipe.allocation ?? AS_SCOPE,
    options: [
      { value: AS_SCOPE, label: l10n.t('As the scope says') },
      ...ALLOCATIONS.map((value) => ({ value, label: allocationName(value) })),
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const allocation = ALLOCATIONS.find((one) => one === value) ?? null;
      ui.dispatch({ type: 'change', recipe: withAllocation(recipe, allocation) });
    },
  });
  return formRow(l10n.t('Allocation'), control);
}

function maximumRow(ui: Ui, recipe: Recipe): TemplateResult {
  return shareRow(ui, {
    field: 'maxLayerSparsity',
    label: l10n.t('Layer maximum'),
    value: recipe.maxLayerSparsity,
    placeholder: l10n.t('None'),
    set: (value) => withField(recipe, 'maxLayerSparsity', value),
  });
}

function scheduleRows(ui: Ui, recipe: Recipe): TemplateResult {
  const { schedule } = recipe;
  const control = dropdown({
    id: 'schedule',
    label: l10n.t('Schedule'),
    value: schedule?.kind ?? ONE_SHOT,
    options: [
      { value: ONE_SHOT, label: l10n.t('At once') },
      ...SCHEDULE_KINDS.map((value) => ({ value, label: scheduleName(value) })),
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const kind = SCHEDULE_KINDS.find((one) => one === value);
      const next = kind && { kind, steps: schedule?.steps ?? FIRST_STEPS };
      ui.dispatch({ type: 'change', recipe: withField(recipe, 'schedule', next) });
    },
  });
  return html`${formRow(l10n.t('Schedule'), control)}
  ${schedule === undefined ? nothing : stepsRow(ui, recipe, schedule)}`;
}

function stepsRow(ui: Ui, recipe: Recipe, schedule: Schedule): TemplateResult {
  const row = {
    field: 'steps',
    label: l10n.t('Steps'),
    value: schedule.steps,
    note: l10n.t('What is left is scored anew at each step.'),
    set: (steps = 1) => withField(recipe, 'schedule', { ...schedule, steps }),
  };
  return wholeRow(ui, row, 1, MAX_STEPS);
}

/** Criteria that reconstruct do so by themselves. */
function reconstructionRows(ui: Ui, recipe: Recipe): TemplateResult | typeof nothing {
  const { reconstruction, criterion } = recipe;
  const isOwn = CRITERION_TRAITS[criterion].reconstructs === true;
  if (reconstruction === undefined && (isOwn || ui.state.model?.executable !== true)) {
    return nothing;
  }
  const control = dropdown({
    id: 'reconstruction',
    label: l10n.t('Reconstruction'),
    value: reconstruction?.kind ?? '',
    options: [
      { value: '', label: l10n.t('None') },
      { value: 'least-squares', label: l10n.t('Least squares') },
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      const next = value === '' ? undefined : ({ kind: 'least-squares' } as const);
      ui.dispatch({ type: 'change', recipe: withField(recipe, 'reconstruction', next) });
    },
  });
  return html`${formRow(l10n.t('Reconstruction'), control, {
    note: l10n.t('The weights that stay are fitted to what each layer gave on the data.'),
  })}
  ${reconstruction === undefined ? nothing : dampingRow(ui, recipe)}`;
}

function dampingRow(ui: Ui, recipe: Recipe): TemplateResult {
  return amountRow(ui, {
    field: 'reconstruction.damping',
    label: l10n.t('Fit damping'),
    value: recipe.reconstruction?.damping,
    placeholder: '0.01',
    set: (damping) =>
      withField(recipe, 'reconstruction', {
        kind: 'least-squares',
        ...(damping === undefined ? {} : { damping }),
      }),
  });
}

function maskRow(ui: Ui, recipe: Recipe): TemplateResult {
  const { mask } = recipe;
  const disabled = isBusy(ui.state);
  const browse = link(
    mask === undefined ? l10n.t('Choose Mask…') : l10n.t('Other…'),
    () => ui.dispatch({ type: 'ask', wish: 'browseMask' }),
    { disabled },
  );
  const without = () => ui.dispatch({ type: 'change', recipe: withoutMask(recipe) });
  return formRow(
    l10n.t('Mask'),
    mask === undefined
      ? browse
      : html`<span class="ellipsis" title=${mask}>${nameOfPath(mask)}</span> ${browse}
          ${link(l10n.t('Remove'), without, { disabled })}`,
    { note: l10n.t('An npz that says for each weight whether it stays (not 0) or goes (0).') },
  );
}

function seedRow(ui: Ui, recipe: Recipe): TemplateResult {
  const row = {
    field: 'seed',
    label: l10n.t('Seed'),
    value: recipe.seed,
    set: (seed = 0) => ({ ...recipe, seed }),
  };
  return wholeRow(ui, row, 0);
}
