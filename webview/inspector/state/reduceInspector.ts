import type { HostToInspector, TensorFigures } from '../../../src/protocol/hostInspector';
import type { StoredTensorView } from '../../../src/protocol/views';
import type { InspectorAction, InspectorStep } from './inspectorActions';
import type { ColumnId, InspectorState, InspectorView } from './inspectorState';

/** The state after an action, and what the host is told of it. */
export function reduceInspector(
  state: InspectorState,
  action: InspectorAction,
): InspectorStep<InspectorState> {
  switch (action.type) {
    case 'host':
      return still(reduceHost(state, action.message));
    case 'select':
      return select(state, action.tensor);
    case 'ask':
      return { state: asked(state, action.wish), send: [{ type: action.wish }] };
    case 'chooseUnitAxis':
      return { state, send: [action] };
    case 'copy':
      return { state, send: [{ type: 'copy', text: action.text }] };
    case 'showTab':
      return {
        state: withView(state, { tab: action.tab }),
        send: action.tab === 'audit' && state.audit === null ? [{ type: 'audit' }] : [],
      };
    case 'sort':
      return still(withView(state, { sort: nextSort(state.view.sort, action.column) }));
    case 'typeQuery':
      return still(withView(state, { typed: action.text }));
    case 'applyQuery':
      return still(withView(state, { query: state.view.typed }));
    case 'toggle':
      return still(withView(state, { [action.what]: !state.view[action.what] }));
    case 'togglePane':
      return still(withView(state, { collapsed: toggled(state.view.collapsed, action.pane) }));
    case 'toggleGroup':
      return still(withView(state, { unfolded: toggled(state.view.unfolded, action.group) }));
    case 'resizeSide':
      return still(withView(state, { sideSize: action.size }));
  }
}

function still(state: InspectorState): InspectorStep<InspectorState> {
  return { state, send: [] };
}

function withView(state: InspectorState, change: Partial<InspectorView>): InspectorState {
  return { ...state, view: { ...state.view, ...change } };
}

function asked(state: InspectorState, wish: string): InspectorState {
  return wish === 'audit' ? withView(state, { tab: 'audit' }) : state;
}

function select(state: InspectorState, tensor: number): InspectorStep<InspectorState> {
  if (state.view.selected === tensor) return still(state);
  return { state: withView(state, { selected: tensor }), send: [{ type: 'select', tensor }] };
}

function reduceHost(state: InspectorState, message: HostToInspector): InspectorState {
  switch (message.type) {
    case 'model':
      return withModel(state, message);
    case 'figures':
      return { ...state, figures: withFigures(state.figures, message.figures) };
    case 'detail':
      return { ...state, detail: message.detail };
    case 'equal':
      return { ...state, equal: message.groups };
    case 'reading': {
      const isReopened = message.state === 'opening' && state.model !== null;
      return { ...state, reading: message, isReopened: state.isReopened || isReopened };
    }
    case 'units':
      return { ...state, units: message.choices };
    case 'banner':
      return { ...state, banner: message.banner };
    case 'failure':
      return { ...state, failure: message.failure };
    case 'audit':
      return { ...state, audit: message.audit };
    case 'showAudit':
      return withView(state, { tab: 'audit' });
    case 'select':
      return withView(state, { selected: message.tensor });
  }
}

/** A model. Read anew, what was known of the earlier bytes goes. */
function withModel(
  state: InspectorState,
  { model, context }: Extract<HostToInspector, { readonly type: 'model' }>,
): InspectorState {
  const known = withView(
    { ...state, model, context },
    { selected: selectedIn(model.tensors, state.view.selected, state.model?.tensors) },
  );
  if (!state.isReopened) return known;
  return {
    ...known,
    figures: new Map(),
    detail: null,
    equal: null,
    audit: null,
    isReopened: false,
  };
}

/** The tensor that stays selected: that of the same name where the model was read before. */
function selectedIn(
  tensors: readonly StoredTensorView[],
  selected: number | null,
  earlier: readonly StoredTensorView[] | undefined,
): number | null {
  const first = tensors.length > 0 ? 0 : null;
  if (selected === null) return first;
  const name = earlier?.[selected]?.name;
  if (name === undefined) return selected < tensors.length ? selected : first;
  if (tensors[selected]?.name === name) return selected;
  const index = tensors.findIndex((tensor) => tensor.name === name);
  return index === -1 ? first : index;
}

function withFigures(
  known: ReadonlyMap<number, TensorFigures>,
  added: readonly TensorFigures[],
): ReadonlyMap<number, TensorFigures> {
  const all = new Map(known);
  for (const figures of added) all.set(figures.tensor, figures);
  return all;
}

/** Words first from A, numbers first from the largest; the third time the file's order is back. */
function nextSort(sort: InspectorView['sort'], column: ColumnId): InspectorView['sort'] {
  const largestFirst = !WORDS.has(column);
  if (sort?.column !== column) return { column, descending: largestFirst };
  return sort.descending === largestFirst ? { column, descending: !largestFirst } : null;
}

const WORDS: ReadonlySet<ColumnId> = new Set(['name', 'layer', 'type']);

function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
