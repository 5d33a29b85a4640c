import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { DataView } from '../../src/protocol/views';
import { dropdown } from '../components/dropdown';
import { link } from '../components/link';
import { currentData } from '../state/dataSettings';
import { isBusy, type DataState } from '../state/panelState';
import { dataFacts } from './dataFacts';
import { dataForm } from './dataForm';
import { dataNotes } from './dataNotes';
import { formRow } from './formRow';
import type { Ui } from './ui';

const NONE = 'none';
const BROWSE = 'browse';
/** Before a path, so that no file name can be one of the words above. */
const PATH = 'path:';

/** The data that the model is evaluated on, and how it is taken. */
export function dataRows(ui: Ui): TemplateResult | typeof nothing {
  const { data, model } = ui.state;
  if (model === null) return nothing;
  if (!model.executable) {
    return formRow(l10n.t('Data'), html`<span class="dim">${l10n.t('Not used')}</span>`, {
      note: l10n.t('A file of weights alone cannot be evaluated.'),
    });
  }
  if (data === null) return nothing;
  return html`${formRow(l10n.t('Data'), choice(ui, data), { note: note(ui, data.selected) })}
  ${ui.state.view.dataForm && data.selected ? dataForm(ui, data.selected) : nothing}`;
}

function choice(ui: Ui, data: DataState): TemplateResult {
  const path = data.choosing === null ? (data.selected?.path ?? null) : data.choosing.path;
  return dropdown({
    id: 'data',
    label: l10n.t('Data'),
    value: path === null ? NONE : PATH + path,
    options: [
      { value: NONE, label: l10n.t('None') },
      ...fileOptions(data, path),
      { value: BROWSE, label: l10n.t('Browse…') },
    ],
    disabled: isBusy(ui.state),
    onChange: (value) => {
      if (value === BROWSE) ui.dispatch({ type: 'ask', wish: 'browseData' });
      else {
        const chosen = value === NONE ? null : value.slice(PATH.length);
        ui.dispatch({ type: 'chooseData', path: chosen });
      }
    },
  });
}

/** The files nearby, and the chosen one where it lies elsewhere. */
function fileOptions(data: DataState, path: string | null): { value: string; label: string }[] {
  const files = data.choices.map((file) => ({ value: PATH + file.path, label: file.label }));
  const { selected } = data;
  const isElsewhere = selected !== null && !data.choices.some((file) => file.path === path);
  return isElsewhere && selected.path === path
    ? [...files, { value: PATH + selected.path, label: selected.name }]
    : files;
}

function note(ui: Ui, view: DataView | null): TemplateResult | string {
  const data = currentData(ui.state);
  if (view === null || data === null) {
    return l10n.t('Needed for accuracy and loss before and after.');
  }
  const isOpen = ui.state.view.dataForm;
  const toggle = () => ui.dispatch({ type: 'toggle', what: 'dataForm' });
  return html`<span class="data-facts"
      >${dataFacts(view, data).map((fact) => html`<span>${fact}</span>`)}</span
    >
    ${link(isOpen ? l10n.t('Done') : l10n.t('Change…'), toggle, { expanded: isOpen })}
    ${dataNotes(ui, view, data)}`;
}
