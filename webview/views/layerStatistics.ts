import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit-html';
import { countText, significantText } from '../format/numbers';
import type { LayerRow } from '../state/selectRows';

/** The statistics of the selected layer's weights; the hover has them in full. */
export function layerStatistics({ statistics }: LayerRow): TemplateResult {
  if (statistics === null) return html``;
  const { mean, std, min, max, l1, l2, zeros, nonFinite } = statistics.statistics;
  const median = statistics.distribution?.medianMagnitude ?? null;
  return html`<dl class="stats">
    ${value(l10n.t('Mean'), mean)} ${value(l10n.t('Std'), std)} ${value(l10n.t('Min'), min)}
    ${value(l10n.t('Max'), max)} ${value('L1', l1)} ${value('L2', l2)}
    ${value(l10n.t('Median |w|'), median)} ${count(l10n.t('Zeros'), zeros)}
    ${count(l10n.t('NaN, ∞'), nonFinite)}
  </dl>`;
}

function value(name: string, number: number | null): TemplateResult {
  const text = number === null ? '–' : significantText(number);
  return html`<div title=${number ?? ''}>
    <dt>${name}</dt>
    <dd>${text}</dd>
  </div>`;
}

function count(name: string, number: number): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${countText(number)}</dd>
  </div>`;
}
