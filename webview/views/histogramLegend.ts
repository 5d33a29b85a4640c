import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { significantText } from '../format/numbers';

/** What the histogram tells: what a threshold prunes, weights alone, or a layer that is not pruned. */
export type HistogramKind = 'threshold' | 'weights' | 'off';

/** What the colours and lines of the histogram mean. */
export function histogramLegend(kind: HistogramKind, planThreshold: number | null): TemplateResult {
  const square = (className: string) =>
    html`<svg width="10" height="10" aria-hidden="true">
      ${svg`<rect class=${className} width="10" height="10"></rect>`}
    </svg>`;
  const line = (className: string, d: string) =>
    html`<svg width="14" height="10" aria-hidden="true">
      ${svg`<path class=${className} d=${d}></path>`}
    </svg>`;
  return html`<div class="legend">
    ${squares(kind).map(([className, text]) => html`<span>${square(className)}${text}</span>`)}
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

function squares(kind: HistogramKind): readonly (readonly [string, string])[] {
  switch (kind) {
    case 'threshold':
      return [
        ['chart-kept', l10n.t('kept')],
        ['chart-pruned', l10n.t('pruned')],
      ];
    case 'weights':
      return [['chart-kept', l10n.t('weights')]];
    case 'off':
      return [['chart-pruned', l10n.t('not pruned')]];
  }
}
