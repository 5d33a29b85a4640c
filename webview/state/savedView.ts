import type { ViewState } from './panelState';

/** Counts the shapes that {@link SavedView} has had; what an older version saved is dropped. */
const VERSION = 2;

type KeptView = Pick<
  ViewState,
  | 'page'
  | 'awaitsResult'
  | 'selected'
  | 'sort'
  | 'logarithmic'
  | 'asTable'
  | 'collapsed'
  | 'tab'
  | 'sashes'
  | 'compare'
>;

/** What is kept of the view while the panel is hidden or the window is reloaded. */
export interface SavedView {
  /** The model's path: all that the host gets back after a reload of the window. */
  readonly path: string;
  readonly version: typeof VERSION;
  readonly view: KeptView;
}

/** The part of a view that is worth keeping. */
export function saveView(path: string, view: ViewState): SavedView {
  const { page, awaitsResult, selected, sort, logarithmic, asTable } = view;
  const { collapsed, tab, sashes, compare } = view;
  return {
    path,
    version: VERSION,
    view: {
      page,
      awaitsResult,
      selected,
      sort,
      logarithmic,
      asTable,
      collapsed,
      tab,
      sashes,
      compare,
    },
  };
}

/** A view with what was kept. */
export function restoreView(view: ViewState, saved: SavedView | undefined): ViewState {
  return saved?.version === VERSION ? { ...view, ...saved.view } : view;
}
