import * as l10n from '@vscode/l10n';
import type { TemplateResult } from 'lit-html';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import type { DataView } from '../../src/protocol/views';
import { dropdown } from '../components/dropdown';
import { parseNumber } from '../format/parseNumber';
import { withDataSetting } from '../state/dataSettings';
import { isBusy } from '../state/panelState';
import { fieldError, formRow, valueField, type ValueField } from './formRow';
import type { Ui } from './ui';

/** The choice that leaves a setting to the guess. */
export const AUTOMATIC = '';

/** What the rows of the data's settings are drawn from. */
export interface DataForm {
  readonly ui: Ui;
  readonly view: DataView;
  readonly data: DataRecipe;
}

/** Why a text is not accepted; null where it is. */
export type Refusal = { readonly error: string } | null;

/** Changes one setting, or gives it back to the guess by undefined. */
export function change<K extends keyof DataRecipe>(
  { ui, data }: Pick<DataForm, 'ui' | 'data'>,
  key: K,
  value: DataRecipe[K] | undefined,
): Refusal {
  ui.dispatch({ type: 'changeData', data: withDataSetting(data, key, value) });
  return null;
}

/** A row with a text of its own. */
export function textRow(
  { ui }: Pick<DataForm, 'ui'>,
  options: Omit<ValueField, 'disabled'> & { readonly note?: string },
): TemplateResult {
  const { note, ...field } = options;
  return formRow(field.label, valueField(ui, { ...field, disabled: isBusy(ui.state) }), {
    error: fieldError(ui, field.field),
    ...(note === undefined ? {} : { note }),
  });
}

/** What a row for a whole number is for. */
export interface WholeNumberRow {
  readonly field: string;
  readonly label: string;
  readonly value: number | undefined;
  readonly least: number;
  readonly placeholder: string;
  readonly note?: string;
  /** Undefined for an empty field. */
  readonly set: (value: number | undefined) => Refusal;
}

/** A row for a whole number; empty leaves the setting out. */
export function wholeNumberRow(form: DataForm, options: WholeNumberRow): TemplateResult {
  const { value, least, set, ...field } = options;
  return textRow(form, {
    ...field,
    text: value === undefined ? '' : String(value),
    size: 'number',
    accept: (text) => {
      if (text.trim() === '') return set(undefined);
      const number = parseNumber(text);
      if (number === null || !Number.isSafeInteger(number) || number < least) {
        return { error: l10n.t('A whole number of {0} or more', least) };
      }
      return set(number);
    },
  });
}

/** What a row with a list is for: `value` is {@link AUTOMATIC} where nothing is chosen. */
export interface ChoiceRow {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly set: (value: string) => void;
  readonly note?: string;
}

/** A row with a list to choose from. */
export function choiceRow({ ui }: Pick<DataForm, 'ui'>, options: ChoiceRow): TemplateResult {
  const { id, label, value, note } = options;
  const control = dropdown({
    id,
    label,
    value,
    options: options.options,
    disabled: isBusy(ui.state),
    onChange: options.set,
  });
  return formRow(label, control, note === undefined ? {} : { note });
}
