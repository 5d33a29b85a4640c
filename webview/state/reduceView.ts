import type { Toggle, ViewAction } from './actions';
import { omit } from './omit';
import type { SashId, SortColumn, ViewState } from './panelState';

/** The view after an action of the user. */
export function reduceView(view: ViewState, action: ViewAction): ViewState {
  switch (action.type) {
    case 'sort':
      return { ...view, sort: nextSort(view.sort, action.column) };
    case 'filter':
      return { ...view, filter: action.text };
    case 'editOverride':
      return { ...view, editing: action.layer, fields: omit(view.fields, 'override') };
    case 'menu':
      return { ...view, menu: action.menu };
    case 'typeField':
      return withField(view, action.field, { text: action.text, error: null });
    case 'refuseField':
      return withField(view, action.field, {
        text: view.fields[action.field]?.text ?? '',
        error: action.error,
      });
    case 'endField':
      return { ...view, fields: omit(view.fields, action.field) };
    case 'toggle':
      return toggled(view, action.what);
    case 'togglePane':
      return { ...view, collapsed: toggledIn(view.collapsed, action.pane) };
    case 'showTab':
      return { ...view, tab: action.tab };
    case 'showPage':
      return { ...view, page: action.page };
    case 'compareForm':
      return { ...view, compare: action.form };
    case 'cursor':
      return { ...view, cursor: action.cursor };
    case 'resizeSash':
      return { ...view, sashes: resized(view.sashes, action.sash, action.size) };
  }
}

/** Ascending, descending, and then the file's own order again. */
function nextSort(sort: ViewState['sort'], column: SortColumn): ViewState['sort'] {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

function withField(view: ViewState, field: string, value: ViewState['fields'][string]): ViewState {
  return { ...view, fields: { ...view.fields, [field]: value } };
}

function toggled(view: ViewState, what: Toggle): ViewState {
  return { ...view, [what]: !view[what] };
}

function toggledIn<T>(items: readonly T[], item: T): readonly T[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function resized(
  sashes: ViewState['sashes'],
  sash: SashId,
  size: number | null,
): ViewState['sashes'] {
  return size === null ? omit(sashes, sash) : { ...sashes, [sash]: size };
}
