import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Report } from '../../src/core/report/report';
import { countText, percentText } from '../format/numbers';

/** What was done, in sentences that also say what was not. */
export function resultSummary(report: Report): TemplateResult {
  const smaller = gzipText(report.sizes);
  return html`<section class="said" aria-label=${l10n.t('What was done')}>
    <p>
      <span class="strong">${zeroedText(report)}</span>
      ${sameText(report.sizes)} ${smaller === null ? nothing : smaller}
    </p>
  </section>`;
}

/** Data that a file holds compressed, or numbers that it holds as text, take another length with zeros in them. */
function sameText({ rawBefore, rawAfter }: Report['sizes']): string {
  return rawBefore === rawAfter
    ? l10n.t(
        'Every tensor keeps its shape and type, so the file has the same length and the network does the same number of multiply-adds: it will not run faster in a dense runtime.',
      )
    : l10n.t(
        'Every tensor keeps its shape and type, so the network does the same number of multiply-adds: it will not run faster in a dense runtime.',
      );
}

function zeroedText({ layers }: Report): string {
  const changed = layers.filter((layer) => layer.zerosAfter > layer.zerosBefore);
  const weights = changed.reduce((sum, layer) => sum + layer.zerosAfter - layer.zerosBefore, 0);
  return changed.length === 1
    ? l10n.t('{0} weights in 1 layer were set to zero. Nothing was removed.', countText(weights))
    : l10n.t(
        '{0} weights in {1} layers were set to zero. Nothing was removed.',
        countText(weights),
        countText(changed.length),
      );
}

function gzipText({ gzipBefore, gzipAfter }: Report['sizes']): string | null {
  if (gzipBefore === null || gzipAfter === null || gzipAfter >= gzipBefore) return null;
  const share = percentText(1 - gzipAfter / gzipBefore, 0);
  return l10n.t('It compresses better: with gzip it is {0} smaller.', share);
}
