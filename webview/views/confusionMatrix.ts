import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { OutputFigures } from '../../src/core/evaluation/evaluation';
import { cssProperties } from '../components/cssProperties';
import { link } from '../components/link';
import { countText } from '../format/numbers';
import { confusionTable, type ConfusionCell, type ConfusionTable } from '../state/confusion';
import type { Ui } from './ui';

/** Which classes are taken for which: after the prune, or on request before it. */
export function confusionMatrix(
  ui: Ui,
  before: OutputFigures,
  after: OutputFigures | null,
): TemplateResult | typeof nothing {
  const isBefore = after === null || ui.state.view.matrixBefore;
  const table = isBefore ? confusionTable(before, after) : confusionTable(after, before);
  if (table === null) return nothing;
  const which = isBefore ? l10n.t('before') : l10n.t('after');
  return html`<section class="confusion" aria-label=${l10n.t('Confusion matrix')}>
    <div class="confusion-head">
      <h3>${l10n.t('Confusion matrix')}</h3>
      <span class="dim">${which}</span>
      ${after === null ? nothing : switchSide(ui, isBefore)}
    </div>
    <p class="dim axes" aria-hidden="true">${l10n.t('expected ↓ predicted →')}</p>
    <table tabindex="0">
      <caption class="visually-hidden">
        ${l10n.t('Rows: expected class. Columns: predicted class.')}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${table.names.map((name) => html`<th scope="col" title=${name}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${table.rows.map((cells, row) => matrixRow(table, row, { cells, isBefore }))}
      </tbody>
    </table>
    ${omitted(table)}
  </section>`;
}

function switchSide(ui: Ui, isBefore: boolean): TemplateResult {
  const label = isBefore ? l10n.t('Show after') : l10n.t('Show before');
  return link(label, () => ui.dispatch({ type: 'toggle', what: 'matrixBefore' }));
}

interface RowOfCells {
  readonly cells: readonly ConfusionCell[];
  readonly isBefore: boolean;
}

function matrixRow(
  { names }: ConfusionTable,
  row: number,
  { cells, isBefore }: RowOfCells,
): TemplateResult {
  const expected = names[row] ?? '';
  return html`<tr>
    <th scope="row" title=${expected}>${expected}</th>
    ${cells.map((cell, column) => matrixCell(cell, titleOf(cell, { expected, predicted: names[column] ?? '', isBefore })))}
  </tr>`;
}

/** A cell is as dark as its share of the row; an empty one shows a dot, so that the others stand out. */
function matrixCell({ count, share, isRight }: ConfusionCell, title: string): TemplateResult {
  return html`<td
    class=${isRight ? 'right' : 'wrong'}
    title=${title}
    ${cssProperties({ '--share': share.toFixed(3) })}
  >
    ${count === 0 && !isRight ? html`<span class="dim">·</span>` : countText(count)}
  </td>`;
}

function titleOf(
  { count, otherCount }: ConfusionCell,
  {
    expected,
    predicted,
    isBefore,
  }: { readonly expected: string; readonly predicted: string; readonly isBefore: boolean },
): string {
  const cell = l10n.t('{0} taken for {1}: {2}', expected, predicted, countText(count));
  if (otherCount === null) return cell;
  const other = countText(otherCount);
  return isBefore ? l10n.t('{0}, after {1}', cell, other) : l10n.t('{0}, before {1}', cell, other);
}

function omitted({ names, classCount }: ConfusionTable): TemplateResult | typeof nothing {
  if (names.length === classCount) return nothing;
  const text = l10n.t(
    'The {0} of {1} classes with the most mistakes.',
    countText(names.length),
    countText(classCount),
  );
  return html`<p class="note-line sec">${text}</p>`;
}
