import * as l10n from '@vscode/l10n';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import type { DataView } from '../../src/protocol/views';
import { countText, numberFieldText } from '../format/numbers';
import { divisorOf, labelsText, splitName, usedRowCount } from '../state/dataSettings';

/** How the data is taken, in short: how many rows, from which arrays, scaled how. */
export function dataFacts(view: DataView, data: DataRecipe): readonly string[] {
  const rows = usedRowCount(view, data);
  const facts = [rows === 1 ? l10n.t('1 sample') : l10n.t('{0} samples', countText(rows))];
  const split = splitName(data);
  const inputs = data.inputs?.join(', ') ?? (split === undefined ? null : `x_${split}`);
  if (inputs !== null) facts.push(scaledText(inputs, data.scale));
  const labels = labelsText(data) ?? (split === undefined ? null : `y_${split}`);
  if (labels !== null) facts.push(l10n.t('labels {0}', labels));
  if (data.folds !== undefined) facts.push(l10n.t('{0} folds', countText(data.folds)));
  return facts;
}

function scaledText(inputs: string, scale: number | undefined): string {
  if (scale === undefined || scale === 1) return inputs;
  const divisor = divisorOf(scale);
  return divisor === null
    ? `${inputs} × ${numberFieldText(scale)}`
    : `${inputs} ÷ ${numberFieldText(divisor)}`;
}
