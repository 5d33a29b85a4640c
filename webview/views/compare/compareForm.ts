import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Criterion } from '../../../src/core/criteria/criterion';
import type { Bounds } from '../../../src/core/recipe/recipe';
import { sparsitiesOf } from '../../../src/core/sweep/sweepRecipes';
import { checkbox } from '../../components/checkbox';
import { link } from '../../components/link';
import { countText, numberFieldText, percentFieldText } from '../../format/numbers';
import { parseNumber, parseShare } from '../../format/parseNumber';
import type { CompareForm } from '../../state/compareForm';
import { comparedCriteria, comparedSparsities, withCompared } from '../../state/compareOrder';
import { missingNeed, scoringData } from '../../state/criterionNeeds';
import { omit } from '../../state/omit';
import { currentRecipe, isBusy, type PanelState } from '../../state/panelState';
import { criteriaByFamily, criterionNote, familyName, missingNeedText } from '../criterionWords';
import { dataRows } from '../dataChoice';
import { fieldError, formRow, valueField } from '../formRow';
import { pane } from '../pane';
import type { Ui } from '../ui';
import { criterionName } from '../words';

/** What is compared: which criteria, over which sparsities, on which data, and what they may lose. */
export function compareForm(ui: Ui): TemplateResult {
  return pane(ui, {
    id: 'compare',
    title: l10n.t('Compare criteria'),
    body: html`<div class="form">${dataRows(ui)} ${rangeRows(ui)} ${boundRows(ui)}</div>
      ${criteriaByFamily().map(({ family, criteria }) => group(ui, familyName(family), criteria))}`,
  });
}

/** Why nothing can be compared now; null when it can. */
export function compareRefusal(state: PanelState): string | null {
  if (state.model === null || state.recipe === null)
    return l10n.t('The file is still being opened.');
  if (!state.model.executable) {
    return l10n.t('This model cannot be run, so it cannot be evaluated.');
  }
  if (scoringData(state) === null) return l10n.t('Choose data with labels first.');
  if (missingNeed(state, 'taylor') === 'labels') return l10n.t('The data has no labels.');
  return comparedCriteria(state).length === 0 ? l10n.t('Choose at least one criterion.') : null;
}

function group(ui: Ui, title: string, criteria: readonly Criterion[]): TemplateResult {
  return html`<fieldset class="criteria">
    <legend>${title}</legend>
    ${criteria.map((criterion) => criterionBox(ui, criterion))}
  </fieldset>`;
}

function criterionBox(ui: Ui, criterion: Criterion): TemplateResult {
  const need = missingNeed(ui.state, criterion);
  const box = checkbox({
    label: criterionName(criterion),
    checked: comparedCriteria(ui.state).includes(criterion),
    disabled: need !== null || isBusy(ui.state),
    title: criterionNote(criterion),
    onChange: (isCompared) => {
      const form = withCompared(ui.state, criterion, isCompared);
      ui.dispatch({ type: 'compareForm', form });
    },
  });
  const told = need === null ? progressOf(ui, criterion) : missingNeedText(need);
  return html`<div class="criterion-box">${box}<span class="dim">${told}</span></div>`;
}

/** While it is measured: how many of its points are known. */
function progressOf({ state }: Ui, criterion: Criterion): string {
  const { sweep, running } = state;
  const recipe = currentRecipe(state);
  if (sweep === null || recipe === null || running?.task !== 'sweep') return '';
  const index = sweep.methods.findIndex((one) => one.criterion === criterion);
  const method = sweep.methods[index];
  if (method === undefined) return '';
  const parts = sweep.parts.filter((part) => part.method === index);
  const done = parts.reduce((sum, { points }) => sum + points.length, 0);
  const { length } = sparsitiesOf({ recipe, sparsities: sweep.sparsities }, method);
  return l10n.t('{0} of {1}', countText(done), countText(length));
}

function rangeRows(ui: Ui): TemplateResult {
  const { compare } = ui.state.view;
  const levels = comparedSparsities(compare);
  const text = levels.map((level) => percentFieldText(level)).join(', ');
  const control = html`${shareField(ui, 'from', l10n.t('Lowest sparsity'))}<span>–</span>${shareField(
    ui,
    'to',
    l10n.t('Highest sparsity'),
  )}`;
  return html`${formRow(l10n.t('Sparsities'), control, {
    error: fieldError(ui, 'compare.from') ?? fieldError(ui, 'compare.to'),
  })}
  ${formRow(l10n.t('In steps of'), shareField(ui, 'step', l10n.t('Step between sparsities')), {
    error: fieldError(ui, 'compare.step'),
    note: text,
  })}`;
}

function shareField(ui: Ui, key: 'from' | 'to' | 'step', label: string): TemplateResult {
  const { compare } = ui.state.view;
  return valueField(ui, {
    field: `compare.${key}`,
    label,
    text: percentFieldText(compare[key]),
    size: 'number',
    disabled: isBusy(ui.state),
    accept: (typed) => {
      const share = parseShare(typed);
      if (share === null || (key === 'step' && share === 0)) {
        return { error: l10n.t('Between 0 and 100 %') };
      }
      return change(ui, { ...compare, [key]: share });
    },
  });
}

function change(ui: Ui, form: CompareForm): null {
  ui.dispatch({ type: 'compareForm', form });
  return null;
}

function boundRows(ui: Ui): TemplateResult {
  return html`${boundRow(ui, {
    key: 'accuracyDrop',
    label: l10n.t('Accuracy lost'),
    placeholder: percentFieldText(0.01),
    text: percentFieldText,
    parse: parseShare,
    allowed: l10n.t('Between 0 and 100 %'),
  })}
  ${boundRow(ui, {
    key: 'lossIncrease',
    label: l10n.t('Loss gained'),
    placeholder: l10n.t('Any'),
    text: (value) => numberFieldText(value, 6),
    parse: (typed) => {
      const value = parseNumber(typed);
      return value === null || value < 0 ? null : value;
    },
    allowed: l10n.t('A number of 0 or more'),
  })}
  ${noDataNote(ui)}`;
}

interface BoundRow {
  readonly key: keyof Bounds;
  readonly label: string;
  readonly placeholder: string;
  readonly text: (value: number) => string;
  readonly parse: (typed: string) => number | null;
  readonly allowed: string;
}

/** What the best may lose at most; an empty field is no bound. */
function boundRow(ui: Ui, row: BoundRow): TemplateResult {
  const { compare } = ui.state.view;
  const value = compare.bounds[row.key];
  const field = `compare.${row.key}`;
  const control = html`<span class="sec">${l10n.t('at most')}</span>${valueField(ui, {
      field,
      label: row.label,
      text: value === undefined ? '' : row.text(value),
      placeholder: row.placeholder,
      size: 'wide',
      disabled: isBusy(ui.state),
      accept: (typed) => {
        const others = omit(compare.bounds, row.key);
        if (typed.trim() === '') return change(ui, { ...compare, bounds: others });
        const parsed = row.parse(typed);
        if (parsed === null) return { error: row.allowed };
        return change(ui, { ...compare, bounds: { ...others, [row.key]: parsed } });
      },
    })}`;
  return formRow(row.label, control, { error: fieldError(ui, field) });
}

function noDataNote(ui: Ui): TemplateResult | typeof nothing {
  if (ui.state.model?.executable !== true || scoringData(ui.state) !== null) return nothing;
  const choose = () => ui.dispatch({ type: 'ask', wish: 'browseData' });
  return html`<div class="note">${link(l10n.t('Choose Data…'), choose)}</div>`;
}
