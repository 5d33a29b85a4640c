import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { classTable } from './classTable';
import { confusionMatrix } from './confusionMatrix';
import type { ComparedPair } from './evaluationRows';
import { outputPairs } from './outputGroups';
import type { Ui } from './ui';

/** What becomes of each class: how many are right, and what the others are taken for. */
export function classDetails(
  ui: Ui,
  pair: ComparedPair,
  isStale: boolean,
): TemplateResult | typeof nothing {
  const outputs = outputPairs(pair);
  if (outputs.length === 0) return detailsOf(ui, pair, isStale);
  const classified = outputs.filter(({ before }) => before?.perClass !== undefined);
  if (classified.length === 0) return nothing;
  return html`${classified.map(
    (output) =>
      html`<h3 class="output-name">${l10n.t('Output {0}', output.name)}</h3>
        ${detailsOf(ui, output, isStale)}`,
  )}`;
}

function detailsOf(
  ui: Ui,
  { before, after }: ComparedPair,
  isStale: boolean,
): TemplateResult | typeof nothing {
  if (before?.perClass === undefined) return nothing;
  return html`${classTable(before, after, isStale)} ${confusionMatrix(ui, before, after)}`;
}
