import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Bars } from '../../../src/protocol/hostInspector';
import { countText, significantText } from '../../format/numbers';

/** The histogram as a table: ranges with their counts. Zeros that are in none have a row of their own. */
export function barsTable({ from, to, counts, zeros }: Bars): TemplateResult {
  const width = (to - from) / counts.length;
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Distribution')}>
    <table class="table">
      <thead>
        <tr>
          <th scope="col" class="num">${l10n.t('From')}</th>
          <th scope="col" class="num">${l10n.t('To')}</th>
          <th scope="col" class="num">${l10n.t('Values')}</th>
        </tr>
      </thead>
      <tbody>
        ${zeros === 0 ? nothing : tableRow('0', '0', zeros)}
        ${counts.map((count, i) =>
          count === 0
            ? nothing
            : tableRow(
                significantText(from + i * width),
                significantText(i + 1 === counts.length ? to : from + (i + 1) * width),
                count,
              ),
        )}
      </tbody>
    </table>
  </div>`;
}

function tableRow(from: string, to: string, count: number): TemplateResult {
  return html`<tr>
    <td class="num">${from}</td>
    <td class="num">${to}</td>
    <td class="num">${countText(count)}</td>
  </tr>`;
}
