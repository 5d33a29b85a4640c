import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../../components/icon';
import { link } from '../../components/link';
import { countText } from '../../format/numbers';
import { isWarning, type Finding } from '../unusual/findUnusual';
import {
  isUnusualPending,
  selectFlags,
  selectUnusual,
  type FindingGroup,
} from '../unusual/selectUnusual';
import { inspectorPane } from './inspectorPane';
import type { InspectorUi } from './inspectorUi';
import { tensorName } from './tensorWords';
import { findingNote, findingTitle } from './unusualWords';

/** Findings of a kind that are shown before one asks for all. */
const SHOWN_AT_FIRST = 6;

/** What a person should look at; each leads to its tensor. */
export function unusualPane(ui: InspectorUi): TemplateResult {
  const groups = selectUnusual(ui.state);
  const count = selectFlags(ui.state).size;
  const sub = count === 1 ? l10n.t('1 tensor') : l10n.t('{0} tensors', countText(count));
  return inspectorPane(ui, {
    id: 'unusual',
    title: l10n.t('Unusual'),
    ...(count === 0 ? {} : { sub }),
    body:
      groups.length === 0
        ? html`<p class="note-line sec">${nothingText(ui)}</p>`
        : html`<ul class="findings">
            ${groups.map((group) => groupItem(ui, group))}
          </ul>`,
  });
}

function nothingText(ui: InspectorUi): string {
  const { state } = ui.state.reading;
  if (isUnusualPending(ui.state)) return l10n.t('Looked for when all tensors are read.');
  return state === 'done'
    ? l10n.t('Nothing: no NaN, no dead units, no copies, nothing that looks untrained.')
    : l10n.t('Nothing so far.');
}

function groupItem(ui: InspectorUi, { kind, findings }: FindingGroup): TemplateResult {
  const isUnfolded = ui.state.view.unfolded.includes(kind);
  const shown = isUnfolded ? findings : findings.slice(0, SHOWN_AT_FIRST);
  const hidden = findings.length - shown.length;
  const tone = isWarning(kind) ? 'warning' : 'info';
  const unfold = () => ui.dispatch({ type: 'toggleGroup', group: kind });
  return html`<li>
    <div class="finding-head">
      ${icon(tone, tone)}<span class="ellipsis">${findingTitle(kind)}</span
      ><span class="badge">${countText(findings.length)}</span>
    </div>
    <ul>
      ${shown.map((finding) => findingItem(ui, finding))}
    </ul>
    ${
      hidden === 0
        ? nothing
        : html`<div class="finding-more">
            ${link(l10n.t('{0} more', countText(hidden)), unfold)}
          </div>`
    }
  </li>`;
}

function findingItem(ui: InspectorUi, finding: Finding): TemplateResult {
  const nameOf = (index: number) => tensorName(ui.state.model, index);
  const isSelected = ui.state.view.selected === finding.tensor;
  return html`<li>
    <button
      type="button"
      class="finding"
      aria-current=${isSelected}
      @click=${() => ui.dispatch({ type: 'select', tensor: finding.tensor })}
    >
      <span class="ellipsis">${nameOf(finding.tensor)}</span>
      <span class="dim ellipsis">${findingNote(finding, nameOf)}</span>
    </button>
  </li>`;
}
