import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import { omit } from '../state/omit';
import { AUTOMATIC, change, choiceRow, type DataForm } from './dataSettingRows';

/** How a csv is read; none for other data. */
export function tableRows(form: DataForm): TemplateResult | typeof nothing {
  return form.view.kind === 'csv' ? html`${headerRow(form)} ${delimiterRow(form)}` : nothing;
}

/** Names of columns change with both settings, so that chosen ones hold no longer. */
function changeTable<K extends 'header' | 'delimiter'>(
  form: DataForm,
  key: K,
  value: DataRecipe[K] | undefined,
): void {
  change({ ...form, data: omit(form.data, 'inputs', 'labels') }, key, value);
}

function headerRow(form: DataForm): TemplateResult {
  const { header } = form.data;
  return choiceRow(form, {
    id: 'data-header',
    label: l10n.t('Header'),
    value: header === undefined ? AUTOMATIC : String(header),
    options: [
      { value: AUTOMATIC, label: l10n.t('Guessed') },
      { value: 'true', label: l10n.t('Names in the first line') },
      { value: 'false', label: l10n.t('None') },
    ],
    set: (value) => changeTable(form, 'header', value === AUTOMATIC ? undefined : value === 'true'),
  });
}

function delimiterRow(form: DataForm): TemplateResult {
  const { delimiter } = form.data;
  const options = [
    { value: ',', label: l10n.t('Comma') },
    { value: ';', label: l10n.t('Semicolon') },
    { value: '\t', label: l10n.t('Tab') },
  ];
  const isOther = delimiter !== undefined && options.every(({ value }) => value !== delimiter);
  return choiceRow(form, {
    id: 'data-delimiter',
    label: l10n.t('Delimiter'),
    value: delimiter ?? AUTOMATIC,
    options: [
      { value: AUTOMATIC, label: l10n.t('Guessed') },
      ...options,
      ...(isOther ? [{ value: delimiter, label: delimiter }] : []),
    ],
    set: (value) => changeTable(form, 'delimiter', value === AUTOMATIC ? undefined : value),
  });
}
