import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataRecipe, Recipe } from '../../src/core/recipe/recipe';
import { scoresOnData } from '../../src/core/recipe/scoresOnData';
import { dropdown } from '../components/dropdown';
import { parseRows, rowsText, withDataSetting } from '../state/dataSettings';
import { withField } from '../state/methodEdits';
import { nameOfPath } from '../state/nameOfPath';
import { isBusy } from '../state/panelState';
import { fieldError, formRow, valueField } from './formRow';
import { wholeRow } from './recipeRows';
import type { Ui } from './ui';

const SAME = 'same';
const ROWS = 'rows';
const BROWSE = 'browse';
/** Scores settle with some hundreds of samples. */
const FIRST_SAMPLE = 512;

/** What scores are found on, where that is not what the model is evaluated on. */
export function calibrationRows(ui: Ui, recipe: Recipe): TemplateResult | typeof nothing {
  const { calibration } = recipe;
  if (calibration === undefined && !scoresOnData(recipe)) return nothing;
  const name = calibration === undefined ? '' : nameOfPath(calibration.file);
  const control = dropdown({
    id: 'calibration',
    label: l10n.t('Score on'),
    value: calibration === undefined ? SAME : ROWS,
    options: [
      { value: SAME, label: l10n.t('The same data as evaluated') },
      ...(calibration === undefined && recipe.data === undefined
        ? []
        : [{ value: ROWS, label: calibration === undefined ? l10n.t('Rows of it') : name }]),
      { value: BROWSE, label: l10n.t('Browse…') },
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => choose(ui, recipe, value),
  });
  return html`${formRow(l10n.t('Score on'), control)}
  ${calibration === undefined ? nothing : settingRows(ui, recipe, calibration)}`;
}

function choose(ui: Ui, recipe: Recipe, value: string): void {
  if (value === BROWSE) ui.dispatch({ type: 'ask', wish: 'browseCalibration' });
  else if (value === SAME) change(ui, recipe, undefined);
  else if (recipe.data !== undefined) {
    const sample = { count: FIRST_SAMPLE, seed: recipe.seed };
    change(ui, recipe, { ...recipe.data, sample });
  }
}

function change(ui: Ui, recipe: Recipe, calibration: DataRecipe | undefined): void {
  ui.dispatch({ type: 'change', recipe: withField(recipe, 'calibration', calibration) });
}

function settingRows(ui: Ui, recipe: Recipe, calibration: DataRecipe): TemplateResult {
  return html`${rowsRow(ui, recipe, calibration)} ${sampleRow(ui, recipe, calibration)}`;
}

function rowsRow(ui: Ui, recipe: Recipe, calibration: DataRecipe): TemplateResult {
  const field = 'calibration.rows';
  const label = l10n.t('Rows to score on');
  const control = valueField(ui, {
    field,
    label,
    text: rowsText(calibration.rows),
    placeholder: l10n.t('All, or from:to'),
    disabled: isBusy(ui.state),
    accept: (text) => {
      const rows = parseRows(text);
      if (rows === null) return { error: l10n.t('Two row numbers, as in 0:1000 or -200:') };
      change(ui, recipe, withDataSetting(calibration, 'rows', rows));
      return null;
    },
  });
  return formRow(label, control, { error: fieldError(ui, field) });
}

function sampleRow(ui: Ui, recipe: Recipe, calibration: DataRecipe): TemplateResult {
  const { sample } = calibration;
  const row = {
    field: 'calibration.sample',
    label: l10n.t('Samples to score on'),
    value: sample?.count,
    placeholder: l10n.t('All'),
    set: (count: number | undefined) => {
      const next = count === undefined ? undefined : { seed: 0, ...sample, count };
      return withField(recipe, 'calibration', withDataSetting(calibration, 'sample', next));
    },
  };
  return wholeRow(ui, row, 1);
}
