import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Evaluation } from '../../src/core/evaluation/evaluation';
import { countText, signedText } from '../format/numbers';

/** How many of each class are right before and after, one row a class. */
export function classTable(
  before: Evaluation,
  after: Evaluation | null,
  isStale: boolean,
): TemplateResult | typeof nothing {
  const classes = before.perClass;
  if (classes === undefined || classes.length === 0) return nothing;
  return html`<table class="table classes ${isStale ? 'stale' : ''}">
    <thead>
      <tr>
        <th scope="col">${l10n.t('Right by class')}</th>
        <th scope="col" class="num">${l10n.t('Samples')}</th>
        <th scope="col" class="num">${l10n.t('Before')}</th>
        <th scope="col" class="num">${l10n.t('After')}</th>
        <th scope="col" class="num">${l10n.t('Change')}</th>
      </tr>
    </thead>
    <tbody>
      ${classes.map((entry, index) => classRow(entry, after?.perClass?.[index]?.correct ?? null))}
    </tbody>
  </table>`;
}

type ClassEntry = NonNullable<Evaluation['perClass']>[number];

function classRow(entry: ClassEntry, after: number | null): TemplateResult {
  const change = after === null ? '–' : signedText(after - entry.correct, 0);
  return html`<tr>
    <th scope="row">${entry.name}</th>
    <td class="num dim">${countText(entry.samples)}</td>
    <td class="num">${countText(entry.correct)}</td>
    <td class="num late">${after === null ? '–' : countText(after)}</td>
    <td class="num late ${change === '0' ? 'dim' : ''}">${change}</td>
  </tr>`;
}
