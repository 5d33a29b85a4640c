import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { MeasureRow } from './evaluationRows';

/** Rows under one heading; the heading is left out where the title is null. */
export interface MeasureGroup {
  readonly title: string | null;
  readonly rows: readonly MeasureRow[];
}

/** The table of before, after and change. What is of an earlier plan is dimmed, not hidden. */
export function measureTable(groups: readonly MeasureGroup[], isStale: boolean): TemplateResult {
  return html`<table class="table measures ${isStale ? 'stale' : ''}">
    <thead>
      <tr>
        <th scope="col">${l10n.t('Measure')}</th>
        <th scope="col" class="num">${l10n.t('Before')}</th>
        <th scope="col" class="num">${l10n.t('After')}</th>
        <th scope="col" class="num">${l10n.t('Change')}</th>
        <th scope="col" class="note">
          <span class="visually-hidden">${l10n.t('Note')}</span>
        </th>
      </tr>
    </thead>
    ${groups.map(group)}
  </table>`;
}

function group({ title, rows }: MeasureGroup): TemplateResult {
  return html`<tbody>
    ${
      title === null
        ? nothing
        : html`<tr class="group">
            <th scope="rowgroup" colspan="5">${title}</th>
          </tr>`
    }
    ${rows.map(measure)}
  </tbody>`;
}

/** Under its figure, and read as what it is. */
function interval(text: string | null | undefined): TemplateResult | typeof nothing {
  if (text === null || text === undefined) return nothing;
  return html`<span class="interval dim" title=${l10n.t('95 % interval')}
    ><span class="visually-hidden">${l10n.t('95 % interval')} </span>${text}</span
  >`;
}

function measure(row: MeasureRow): TemplateResult {
  return html`<tr>
    <th scope="row">${row.name}</th>
    <td class="num" title=${row.exact.before || nothing}>
      ${row.before}${interval(row.intervals?.before)}
    </td>
    <td class="num late" title=${row.exact.after || nothing}>
      ${row.after ?? '–'}${interval(row.intervals?.after)}
    </td>
    <td class="num late ${row.isSame ? 'dim' : ''}" title=${row.fullNote ?? (row.note || nothing)}>
      ${row.change ?? '–'}${interval(row.intervals?.change)}
    </td>
    <td class="note dim" title=${row.fullNote ?? nothing}>${row.note}</td>
  </tr>`;
}
