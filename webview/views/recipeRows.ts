import * as l10n from '@vscode/l10n';
import type { TemplateResult } from 'lit-html';
import type { Recipe } from '../../src/core/recipe/recipe';
import { numberFieldText, percentFieldText } from '../format/numbers';
import { parseNumber, parseShare } from '../format/parseNumber';
import { isBusy } from '../state/panelState';
import { fieldError, formRow, valueField } from './formRow';
import type { Ui } from './ui';

/** A row for one value of the recipe; undefined stands for an empty field, the default. */
export interface RecipeRow<T> {
  readonly field: string;
  readonly label: string;
  readonly value: T | undefined;
  /** What an empty field means; absent where it must not be empty. */
  readonly placeholder?: string;
  readonly note?: string;
  readonly set: (value: T | undefined) => Recipe;
}

interface NumberKind {
  readonly text: (value: number) => string;
  /** null for a text that is no such number. */
  readonly parse: (text: string) => number | null;
  readonly allowed: string;
}

/** A row for a share, typed as percents. */
export function shareRow(ui: Ui, row: RecipeRow<number>): TemplateResult {
  return numberRow(ui, row, {
    text: percentFieldText,
    parse: parseShare,
    allowed: l10n.t('Between 0 and 100 %'),
  });
}

/** A row for a number of 0 or more. */
export function amountRow(ui: Ui, row: RecipeRow<number>): TemplateResult {
  return numberRow(ui, row, {
    text: (value) => numberFieldText(value, 6),
    parse: (text) => atLeast(parseNumber(text), 0),
    allowed: l10n.t('A number of 0 or more'),
  });
}

/** A row for a whole number from `least` to `most`. */
export function wholeRow(
  ui: Ui,
  row: RecipeRow<number>,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): TemplateResult {
  return numberRow(ui, row, {
    text: String,
    parse: (text) => {
      const value = atLeast(parseNumber(text), least);
      return value !== null && Number.isSafeInteger(value) && value <= most ? value : null;
    },
    allowed:
      most === Number.MAX_SAFE_INTEGER
        ? l10n.t('A whole number of {0} or more', least)
        : l10n.t('A whole number from {0} to {1}', least, most),
  });
}

function atLeast(value: number | null, least: number): number | null {
  return value === null || value < least ? null : value;
}

function numberRow(ui: Ui, row: RecipeRow<number>, kind: NumberKind): TemplateResult {
  const { field, label, value, placeholder, note } = row;
  const text = value === undefined ? '' : kind.text(value);
  const control = valueField(ui, {
    field,
    label,
    text,
    size: 'wide',
    ...(placeholder === undefined ? {} : { placeholder }),
    disabled: isBusy(ui.state),
    accept: (typed) => {
      // What is shown may be rounded: leaving it as it is changes nothing.
      if (typed === text) return null;
      const isEmpty = typed.trim() === '' && placeholder !== undefined;
      const parsed = isEmpty ? undefined : kind.parse(typed);
      if (parsed === null) return { error: kind.allowed };
      ui.dispatch({ type: 'change', recipe: row.set(parsed) });
      return null;
    },
  });
  return formRow(label, control, {
    error: fieldError(ui, field),
    ...(note === undefined ? {} : { note }),
  });
}
