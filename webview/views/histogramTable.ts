import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Distribution } from '../../src/core/statistics/tensorStatistics';
import { histogramRows } from '../charts/histogramRows';
import { countText, significantText } from '../format/numbers';
import { weightThreshold, type LayerPrediction } from '../prediction/predictPlan';

/** The histogram as a table: the same numbers for those who do not see the chart. */
export function histogramTable(
  distribution: Distribution,
  predicted: LayerPrediction | null,
): TemplateResult {
  const rows = histogramRows(distribution, weightThreshold(predicted));
  const { zeros } = distribution;
  return html`<div class="scroller">
    <table class="table">
      <thead>
        <tr>
          <th scope="col" class="num">${l10n.t('From')}</th>
          <th scope="col" class="num">${l10n.t('To')}</th>
          <th scope="col" class="num">${l10n.t('Weights')}</th>
          <th scope="col">${l10n.t('Plan')}</th>
        </tr>
      </thead>
      <tbody>
        ${zeros === 0 ? nothing : tableRow('0', '0', zeros, l10n.t('zero'))}
        ${rows.map(({ from, to, count, isPruned }) =>
          tableRow(
            significantText(from),
            significantText(to),
            count,
            isPruned ? l10n.t('pruned') : '',
          ),
        )}
      </tbody>
    </table>
  </div>`;
}

function tableRow(from: string, to: string, count: number, plan: string): TemplateResult {
  return html`<tr>
    <td class="num">${from}</td>
    <td class="num">${to}</td>
    <td class="num">${countText(count)}</td>
    <td class="dim">${plan}</td>
  </tr>`;
}
