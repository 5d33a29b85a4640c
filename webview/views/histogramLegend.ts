import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { significantText } from '../format/numbers';

/** What the colours and lines of the histogram mean. */
export function histogramLegend(isOff: boolean, planThreshold: number | null): TemplateResult {
  const square = (className: string) =>
    html`<svg width="10" height="10" aria-hidden="true">
      ${svg`<rect class=${className} width="10" height="10"></rect>`}
    </svg>`;
  const line = (className: string, d: string) =>
    html`<svg width="14" height="10" aria-hidden="true">
      ${svg`<path class=${className} d=${d}></path>`}
    </svg>`;
  return html`<div class="legend">
    ${isOff ? nothing : html`<span>${square('chart-kept')}${l10n.t('kept')}</span>`}
    <span>${square('chart-pruned')}${isOff ? l10n.t('not pruned') : l10n.t('pruned')}</span>
    <span>${line('chart-share', 'M0 5H14')}${l10n.t('cumulative')}</span>
    ${
      planThreshold === null
        ? nothing
        : html`<span
            >${line('chart-plan-threshold', 'M7 0V10')}${l10n.t(
              'plan’s {0}',
              significantText(planThreshold),
            )}</span
          >`
    }
  </div>`;
}
