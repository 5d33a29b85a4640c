import * as l10n from '@vscode/l10n';
import type { DataRecipe, RandomSplit } from '../../src/core/recipe/recipe';
import type { DataView } from '../../src/protocol/views';
import { countText, numberFieldText, percentFieldText } from '../format/numbers';
import { divisorOf, labelsText, splitName, usedRowCount } from '../state/dataSettings';

/** How the data is taken, in short: how many rows, from which arrays, scaled how. */
export function dataFacts(view: DataView, data: DataRecipe): readonly string[] {
  const rows = usedRowCount(view, data);
  const facts = [rows === 1 ? l10n.t('1 sample') : l10n.t('{0} samples', countText(rows))];
  facts.push(...(view.kind === 'images' ? pictureFacts(data) : arrayFacts(data)));
  const { split } = data;
  if (typeof split === 'object') facts.push(splitText(split));
  if (data.shuffle !== undefined) facts.push(l10n.t('shuffled'));
  if (data.folds !== undefined) facts.push(l10n.t('{0} folds', countText(data.folds)));
  return facts;
}

function pictureFacts(data: DataRecipe): readonly string[] {
  const split = splitName(data);
  return [...(split === undefined ? [] : [split]), scaledText(l10n.t('pixels'), data.scale)];
}

function arrayFacts(data: DataRecipe): readonly string[] {
  const split = splitName(data);
  const inputs = inputsText(data) ?? (split === undefined ? null : `x_${split}`);
  const labels = labelsText(data) ?? (split === undefined ? null : `y_${split}`);
  return [
    ...(inputs === null ? [] : [scaledText(inputs, data.scale)]),
    ...(labels === null || labels === '' ? [] : [l10n.t('labels {0}', labels)]),
  ];
}

/** A table has many columns: beyond a few, their count says more. */
const MAX_INPUTS_TOLD = 4;

function inputsText({ inputs }: DataRecipe): string | null {
  if (inputs === undefined) return null;
  return inputs.length > MAX_INPUTS_TOLD
    ? l10n.t('{0} inputs', countText(inputs.length))
    : inputs.join(', ');
}

function splitText({ fraction, seed, rest }: RandomSplit): string {
  const share = percentFieldText(fraction);
  return rest === true
    ? l10n.t('all but a random {0}, seed {1}', share, seed)
    : l10n.t('a random {0}, seed {1}', share, seed);
}

function scaledText(inputs: string, scale: number | undefined): string {
  if (scale === undefined || scale === 1) return inputs;
  const divisor = divisorOf(scale);
  return divisor === null
    ? `${inputs} × ${numberFieldText(scale)}`
    : `${inputs} ÷ ${numberFieldText(divisor)}`;
}
