import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import type { DataView } from '../../src/protocol/views';
import { dropdown } from '../components/dropdown';
import { numberFieldText } from '../format/numbers';
import { parseNumber } from '../format/parseNumber';
import {
  currentData,
  divisorOf,
  labelsText,
  parseRows,
  parseScale,
  rowsText,
  splitName,
  splitsOf,
  withDataSetting,
} from '../state/dataSettings';
import { omit } from '../state/omit';
import { isBusy } from '../state/panelState';
import { fieldError, formRow, valueField } from './formRow';
import type { Ui } from './ui';
import { lossName } from './words';

/** The choice that leaves a setting to the guess. */
const AUTOMATIC = '';

/** The settings of the chosen data, one row each. */
export function dataForm(ui: Ui, view: DataView): TemplateResult | typeof nothing {
  const data = currentData(ui.state);
  if (data === null) return nothing;
  return html`${splitRow(ui, view, data)} ${inputsRow(ui, view, data)} ${labelsRow(ui, view, data)}
  ${rowsRow(ui, data)} ${scaleRow(ui, data)} ${lossRow(ui, data)} ${foldsRow(ui, data)}`;
}

type Refusal = { readonly error: string } | null;

function change<K extends keyof DataRecipe>(
  ui: Ui,
  data: DataRecipe,
  key: K,
  value: DataRecipe[K] | undefined,
): Refusal {
  ui.dispatch({ type: 'changeData', data: withDataSetting(data, key, value) });
  return null;
}

function splitRow(ui: Ui, view: DataView, data: DataRecipe): TemplateResult | typeof nothing {
  const splits = splitsOf(view);
  if (splits.length === 0) return nothing;
  const choose = (value: string) => {
    if (value === AUTOMATIC) change(ui, data, 'split', undefined);
    // A split names the arrays itself; single ones would contradict it.
    else change(ui, omit(data, 'inputs', 'labels'), 'split', value);
  };
  const control = dropdown({
    id: 'data-split',
    label: l10n.t('Split'),
    value: splitName(data) ?? AUTOMATIC,
    options: [
      { value: AUTOMATIC, label: l10n.t('By arrays') },
      ...splits.map((split) => ({ value: split, label: split })),
    ],
    disabled: isBusy(ui.state),
    onChange: choose,
  });
  return formRow(l10n.t('Split'), control);
}

function inputsRow(ui: Ui, view: DataView, data: DataRecipe): TemplateResult {
  const names = view.arrays.map(({ name }) => name);
  const control = valueField(ui, {
    field: 'data.inputs',
    label: l10n.t('Inputs'),
    text: data.inputs?.join(', ') ?? '',
    placeholder: l10n.t('Guessed'),
    disabled: isBusy(ui.state),
    accept: (text) => {
      const chosen = text.split(',').map((name) => name.trim());
      const inputs = chosen.filter((name) => name !== '');
      const unknown = inputs.find((name) => !names.includes(name));
      if (unknown !== undefined) return { error: unknownText(unknown, names) };
      return change(ui, data, 'inputs', inputs.length === 0 ? undefined : inputs);
    },
  });
  return formRow(l10n.t('Inputs'), control, { error: fieldError(ui, 'data.inputs') });
}

function unknownText(name: string, names: readonly string[]): string {
  return l10n.t('There is no {0}; the file has {1}', name, names.join(', '));
}

function labelsRow(ui: Ui, view: DataView, data: DataRecipe): TemplateResult {
  const label = view.kind === 'csv' ? l10n.t('Label column') : l10n.t('Labels');
  const names = view.arrays.map(({ name }) => name);
  // A column can be named by its number in the recipe; the list shows such a choice as it is.
  const chosen = labelsText(data);
  const known = chosen === null || names.includes(chosen);
  const options = known ? names : [...names, chosen];
  const control = dropdown({
    id: 'data-labels',
    label,
    value: chosen ?? AUTOMATIC,
    options: [
      { value: AUTOMATIC, label: l10n.t('Guessed') },
      ...options.map((name) => ({ value: name, label: name })),
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => change(ui, data, 'labels', value === AUTOMATIC ? undefined : value),
  });
  return formRow(label, control);
}

function rowsRow(ui: Ui, data: DataRecipe): TemplateResult {
  const control = valueField(ui, {
    field: 'data.rows',
    label: l10n.t('Rows'),
    text: rowsText(data.rows),
    placeholder: l10n.t('All, or from:to'),
    disabled: isBusy(ui.state),
    accept: (text) => {
      const rows = parseRows(text);
      if (rows === null) return { error: l10n.t('Two row numbers, as in 0:1000 or -200:') };
      return change(ui, data, 'rows', rows);
    },
  });
  return formRow(l10n.t('Rows'), control, { error: fieldError(ui, 'data.rows') });
}

function scaleRow(ui: Ui, data: DataRecipe): TemplateResult {
  const control = valueField(ui, {
    field: 'data.scale',
    label: l10n.t('Scale'),
    text: scaleText(data.scale),
    placeholder: '1',
    size: 'wide',
    disabled: isBusy(ui.state),
    accept: (text) => {
      if (text.trim() === '') return change(ui, data, 'scale', undefined);
      const scale = parseScale(text);
      if (scale === null) return { error: l10n.t('A number that is not 0, or as in 1/255') };
      return change(ui, data, 'scale', scale);
    },
  });
  return formRow(l10n.t('Scale'), control, { error: fieldError(ui, 'data.scale') });
}

function scaleText(scale: number | undefined): string {
  if (scale === undefined) return '';
  const divisor = divisorOf(scale);
  return divisor === null ? numberFieldText(scale, 9) : `1/${divisor}`;
}

function lossRow(ui: Ui, data: DataRecipe): TemplateResult {
  const losses = ['ce', 'ce-logits', 'mse'] as const;
  const control = dropdown({
    id: 'data-loss',
    label: l10n.t('Loss'),
    value: data.loss ?? AUTOMATIC,
    options: [
      { value: AUTOMATIC, label: l10n.t('Guessed') },
      ...losses.map((loss) => ({ value: loss, label: lossName(loss) })),
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      change(
        ui,
        data,
        'loss',
        losses.find((loss) => loss === value),
      );
    },
  });
  return formRow(l10n.t('Loss'), control);
}

function foldsRow(ui: Ui, data: DataRecipe): TemplateResult {
  const control = valueField(ui, {
    field: 'data.folds',
    label: l10n.t('Folds'),
    text: data.folds === undefined ? '' : String(data.folds),
    placeholder: l10n.t('None'),
    size: 'number',
    disabled: isBusy(ui.state),
    accept: (text) => {
      if (text.trim() === '') return change(ui, data, 'folds', undefined);
      const folds = parseNumber(text);
      if (folds === null || !Number.isInteger(folds) || folds < 2) {
        return { error: l10n.t('A whole number of 2 or more') };
      }
      return change(ui, data, 'folds', folds);
    },
  });
  return formRow(l10n.t('Folds'), control, { error: fieldError(ui, 'data.folds') });
}
