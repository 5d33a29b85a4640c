import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import type { DataNote, DataView } from '../../src/protocol/views';
import { icon } from '../components/icon';
import { link } from '../components/link';
import { isBusy } from '../state/panelState';
import { noteText, openNotes } from './dataNoteWords';
import type { Ui } from './ui';

/** What the user should know of the data or may want to set; what the settings have answered is left out. */
export function dataNotes(
  ui: Ui,
  view: DataView,
  data: DataRecipe,
): TemplateResult | typeof nothing {
  const notes = openNotes(view, data);
  if (notes.length === 0) return nothing;
  return html`<ul class="data-notes" aria-label=${l10n.t('Notes on the data')}>
    ${notes.map(
      (note) =>
        html`<li>
          ${isProblem(note) ? icon('warning', 'warning') : icon('info', 'info')}
          <span>${noteText(note)} ${suggestion(ui, note, data)}</span>
        </li>`,
    )}
  </ul>`;
}

function isProblem({ kind }: DataNote): boolean {
  return kind === 'missingValues' || kind === 'noLabels';
}

/** What the user can do about a note with one click. */
function suggestion(ui: Ui, note: DataNote, data: DataRecipe): TemplateResult | typeof nothing {
  if (note.kind !== 'mayBeImageNet') return nothing;
  const { mean, std } = note;
  const use = () => ui.dispatch({ type: 'changeData', data: { ...data, mean, std } });
  return link(l10n.t('Use them'), use, { disabled: isBusy(ui.state) });
}
