import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type {
  AuditedPickle,
  AuditReport,
  AuditVerdict,
  GlobalVerdict,
} from '../../../src/core/report/audit';
import { icon, type IconName, type IconTone } from '../../components/icon';
import { button } from '../../components/button';
import { countText } from '../../format/numbers';
import { progressLine } from '../../views/progressLine';
import type { InspectorUi } from './inspectorUi';

/** What loading the file with Python would have imported and run. */
export function auditView(ui: InspectorUi): TemplateResult {
  const { audit } = ui.state;
  return html`<main class="audit" aria-label=${l10n.t('Audit')} data-area="audit">
    ${audit === null || audit.kind === 'running' ? progressLine(null, l10n.t('Auditing…')) : nothing}
    ${audit?.kind === 'done' ? report(audit.report) : nothing}
    ${audit?.kind === 'failed' ? failed(ui, audit.failure) : nothing}
  </main>`;
}

function failed(
  ui: InspectorUi,
  { title, detail }: { readonly title: string; readonly detail: string },
): TemplateResult {
  return html`<div class="message-page" role="alert">
    <span class="large-icon">${icon('error', 'error')}</span>
    <div>
      <h2>${title}</h2>
      <p>${detail}</p>
      <div class="buttons">
        ${button({
          label: l10n.t('Show Log'),
          onClick: () => ui.dispatch({ type: 'ask', wish: 'showLog' }),
        })}
      </div>
    </div>
  </div>`;
}

function report(audit: AuditReport): TemplateResult {
  const look = verdictLook(audit.verdict);
  return html`<div class="audit-scroll">
    <div class="verdict verdict-${audit.verdict}" role="status">
      <span class="large-icon">${icon(look.icon, look.tone)}</span>
      <div>
        <h2>${look.title}</h2>
        <p>${audit.reason}</p>
        <p class="sec">
          ${audit.format} ·
          ${l10n.t('Nothing of the file was executed: the audit only reads what Python would run.')}
        </p>
      </div>
    </div>
    ${audit.pickles.map((pickle) => pickleSection(pickle))}
  </div>`;
}

function verdictLook(verdict: AuditVerdict): {
  readonly icon: IconName;
  readonly tone: IconTone;
  readonly title: string;
} {
  switch (verdict) {
    case 'safe':
      return {
        icon: 'pass',
        tone: 'ok',
        title: l10n.t('Loading this file runs nothing but what tensors need'),
      };
    case 'suspicious':
      return {
        icon: 'warning',
        tone: 'warning',
        title: l10n.t('Loading this file with Python would run code that is not known'),
      };
    case 'dangerous':
      return {
        icon: 'error',
        tone: 'error',
        title: l10n.t('Do not load this file with Python: it would run commands'),
      };
  }
}

interface AuditRow {
  readonly what: string;
  readonly does: 'import' | 'call';
  readonly byteOffset: number;
  readonly verdict: GlobalVerdict;
}

function rowsOf({ globals, calls }: AuditedPickle): readonly AuditRow[] {
  const rows: AuditRow[] = [
    ...globals.map(({ module, name, byteOffset, verdict }) => ({
      what: `${module}.${name}`,
      does: 'import' as const,
      byteOffset,
      verdict,
    })),
    ...calls.map(({ whatRuns, byteOffset, verdict }) => ({
      what: whatRuns,
      does: 'call' as const,
      byteOffset,
      verdict,
    })),
  ];
  const rank = ({ verdict }: AuditRow) => VERDICTS.indexOf(verdict);
  return rows.sort((a, b) => rank(a) - rank(b) || a.byteOffset - b.byteOffset);
}

/** The worst first. */
const VERDICTS: readonly GlobalVerdict[] = [
  'dangerous',
  'unknown',
  'module-class',
  'container',
  'tensor-data',
];

function pickleSection(pickle: AuditedPickle): TemplateResult {
  const rows = rowsOf(pickle);
  const hidden = pickle.callCount - pickle.calls.length;
  return html`<section class="audit-pickle" aria-label=${pickle.place}>
    <h2 class="pane-head">
      <span class="pane-title">${pickle.place}</span>
      <span class="sub">${l10n.t('protocol {0}', pickle.protocol)}</span>
    </h2>
    ${
      pickle.broken === undefined
        ? nothing
        : html`<p class="note-line">${icon('warning', 'warning')} ${pickle.broken}</p>`
    }
    ${
      rows.length === 0
        ? html`<p class="note-line sec">${l10n.t('It imports and calls nothing.')}</p>`
        : auditTable(rows)
    }
    ${
      hidden > 0
        ? html`<p class="note-line sec">
            ${l10n.t('{0} more calls are not listed.', countText(hidden))}
          </p>`
        : nothing
    }
  </section>`;
}

function auditTable(rows: readonly AuditRow[]): TemplateResult {
  return html`<table class="table audit-table">
    <thead>
      <tr>
        <th scope="col">${l10n.t('Verdict')}</th>
        <th scope="col">${l10n.t('Loading would')}</th>
        <th scope="col">${l10n.t('What')}</th>
        <th scope="col" class="num">${l10n.t('Byte offset')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ what, does, byteOffset, verdict }) =>
          html`<tr class="audit-${verdict}">
            <td>
              <span class="verdict-cell">${verdictIcon(verdict)}${verdictText(verdict)}</span>
            </td>
            <td class="dim">${does === 'import' ? l10n.t('import') : l10n.t('call')}</td>
            <td class="what" title=${what}>${what}</td>
            <td class="num dim">${countText(byteOffset)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function verdictIcon(verdict: GlobalVerdict): TemplateResult {
  switch (verdict) {
    case 'dangerous':
      return icon('error', 'error');
    case 'unknown':
      return icon('warning', 'warning');
    case 'module-class':
      return icon('info', 'info');
    case 'container':
    case 'tensor-data':
      return icon('pass', 'ok');
  }
}

function verdictText(verdict: GlobalVerdict): string {
  switch (verdict) {
    case 'dangerous':
      return l10n.t('Dangerous');
    case 'unknown':
      return l10n.t('Unknown');
    case 'module-class':
      return l10n.t('Framework class');
    case 'container':
      return l10n.t('Container');
    case 'tensor-data':
      return l10n.t('Tensor data');
  }
}
