import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataRecipe, RandomSplit } from '../../src/core/recipe/recipe';
import type { DataView } from '../../src/protocol/views';
import { percentFieldText } from '../format/numbers';
import { parseShare } from '../format/parseNumber';
import { splitName, splitsOf } from '../state/dataSettings';
import { omit } from '../state/omit';
import { AUTOMATIC, change, choiceRow, textRow, wholeNumberRow } from './dataSettingRows';
import type { DataForm } from './dataSettingRows';

/** What stands in the list beside the names of splits. */
const DRAWN = 'drawn';
const REST = 'rest';
/** Before a name, so that none can be one of the words above. */
const NAME = 'name:';

/** A fifth is what most people hold out. */
const FIRST_SPLIT: RandomSplit = { fraction: 0.2, seed: 0 };

/** Which part of the data is taken: by its name, or drawn by chance with its share and seed. */
export function splitRows(form: DataForm): TemplateResult {
  const { split } = form.data;
  return html`${splitRow(form)}
  ${typeof split === 'object' ? html`${shareRow(form, split)} ${seedRow(form, split)}` : nothing}`;
}

function splitRow(form: DataForm): TemplateResult {
  const { view, data } = form;
  const names = splitNames(view, data);
  const byArrays = splitsOf(view).length > 0;
  return choiceRow(form, {
    id: 'data-split',
    label: l10n.t('Split'),
    value: splitValue(data),
    options: [
      { value: AUTOMATIC, label: byArrays ? l10n.t('By arrays') : l10n.t('All rows') },
      ...names.map((name) => ({ value: NAME + name, label: name })),
      { value: DRAWN, label: l10n.t('Random share') },
      { value: REST, label: l10n.t('Rest of a random share') },
    ],
    set: (value) => choose(form, value),
  });
}

function splitNames(view: DataView, data: DataRecipe): readonly string[] {
  const known = [...splitsOf(view), view.suggestion.split, data.split];
  return [...new Set(known.filter((name) => typeof name === 'string'))];
}

function splitValue({ split }: DataRecipe): string {
  if (split === undefined) return AUTOMATIC;
  if (typeof split === 'string') return NAME + split;
  return split.rest === true ? REST : DRAWN;
}

function choose(form: DataForm, value: string): void {
  const { data } = form;
  const random = typeof data.split === 'object' ? data.split : FIRST_SPLIT;
  // A name chooses the arrays itself; single ones would contradict it.
  const isNamed = value.startsWith(NAME) || splitName(data) !== undefined;
  const taken = { ...form, data: isNamed ? omit(data, 'inputs', 'labels') : data };
  if (value === AUTOMATIC) change(taken, 'split', undefined);
  else if (value === DRAWN) change(taken, 'split', omit(random, 'rest'));
  else if (value === REST) change(taken, 'split', { ...random, rest: true });
  else change(taken, 'split', value.slice(NAME.length));
}

function shareRow(form: DataForm, split: RandomSplit): TemplateResult {
  return textRow(form, {
    field: 'data.share',
    label: l10n.t('Share'),
    text: percentFieldText(split.fraction),
    size: 'number',
    accept: (text) => {
      const fraction = parseShare(text);
      if (fraction === null || fraction === 0 || fraction === 1) {
        return { error: l10n.t('More than 0 and less than 100 %') };
      }
      return change(form, 'split', { ...split, fraction });
    },
  });
}

function seedRow(form: DataForm, split: RandomSplit): TemplateResult {
  return wholeNumberRow(form, {
    field: 'data.splitSeed',
    label: l10n.t('Split seed'),
    value: split.seed,
    least: 0,
    placeholder: '0',
    set: (seed = 0) => change(form, 'split', { ...split, seed }),
  });
}
