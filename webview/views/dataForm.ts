import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataView } from '../../src/protocol/views';
import { link } from '../components/link';
import { currentData, labelsText, parseRows, rowsText } from '../state/dataSettings';
import { AUTOMATIC, change, choiceRow, textRow, type DataForm } from './dataSettingRows';
import { moreDataRows } from './dataMore';
import { pictureRows } from './dataPictures';
import { splitRows } from './dataSplit';
import type { Ui } from './ui';

/** The settings of the chosen data, one row each; the rarer ones are folded away. */
export function dataForm(ui: Ui, view: DataView): TemplateResult | typeof nothing {
  const data = currentData(ui.state);
  if (data === null) return nothing;
  const form = { ui, view, data };
  const isOpen = ui.state.view.moreData;
  const toggle = () => ui.dispatch({ type: 'toggle', what: 'moreData' });
  const label = isOpen ? l10n.t('Fewer settings') : l10n.t('More settings');
  return html`${splitRows(form)}
    ${view.kind === 'images' ? nothing : html`${inputsRow(form)} ${labelsRow(form)}`}
    ${rowsRow(form)} ${pictureRows(form)}
    <div class="note more-data">${link(label, toggle, { expanded: isOpen })}</div>
    ${isOpen ? moreDataRows(form) : nothing}`;
}

function inputsRow(form: DataForm): TemplateResult {
  const names = form.view.arrays.map(({ name }) => name);
  return textRow(form, {
    field: 'data.inputs',
    label: l10n.t('Inputs'),
    text: form.data.inputs?.join(', ') ?? '',
    placeholder: l10n.t('Guessed'),
    accept: (text) => {
      const chosen = text.split(',').map((name) => name.trim());
      const inputs = chosen.filter((name) => name !== '');
      const unknown = inputs.find((name) => !names.includes(name));
      if (unknown !== undefined) return { error: unknownText(unknown, names) };
      return change(form, 'inputs', inputs.length === 0 ? undefined : inputs);
    },
  });
}

/** A message stays readable where a table has hundreds of columns. */
const MAX_NAMES_TOLD = 12;

function unknownText(name: string, names: readonly string[]): string {
  const told = names.slice(0, MAX_NAMES_TOLD).join(', ');
  const rest = names.length > MAX_NAMES_TOLD ? ', …' : '';
  return l10n.t('There is no {0}; the file has {1}', name, told + rest);
}

/** Stands for the choice of no labels; no name of a column, which has no such character. */
const NO_LABELS = '\n';

function labelsRow(form: DataForm): TemplateResult {
  const names = form.view.arrays.map(({ name }) => name);
  // A column can be named by its number in the recipe; the list shows such a choice as it is.
  const chosen = labelsText(form.data);
  const isKnown = chosen === null || chosen === '' || names.includes(chosen);
  const options = isKnown ? names : [...names, chosen];
  return choiceRow(form, {
    id: 'data-labels',
    label: form.view.kind === 'csv' ? l10n.t('Label column') : l10n.t('Labels'),
    value: chosen === '' ? NO_LABELS : (chosen ?? AUTOMATIC),
    options: [
      { value: AUTOMATIC, label: l10n.t('Guessed') },
      { value: NO_LABELS, label: l10n.t('None') },
      ...options.map((name) => ({ value: name, label: name })),
    ],
    set: (value) => {
      const labels = value === NO_LABELS ? [] : value;
      change(form, 'labels', value === AUTOMATIC ? undefined : labels);
    },
  });
}

function rowsRow(form: DataForm): TemplateResult {
  return textRow(form, {
    field: 'data.rows',
    label: l10n.t('Rows'),
    text: rowsText(form.data.rows),
    placeholder: l10n.t('All, or from:to'),
    accept: (text) => {
      const rows = parseRows(text);
      if (rows === null) return { error: l10n.t('Two row numbers, as in 0:1000 or -200:') };
      return change(form, 'rows', rows);
    },
  });
}
