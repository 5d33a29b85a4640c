import { omit } from '../../state/omit';
import type { InspectorView } from './inspectorState';

/** Counts the shapes that {@link SavedInspector} has had; what an older version saved is dropped. */
const VERSION = 1;

type KeptView = Omit<InspectorView, 'unfolded' | 'notices'>;

/** What is kept of the view while the page is hidden or the window is reloaded. */
export interface SavedInspector {
  readonly version: typeof VERSION;
  readonly view: KeptView;
  /** How far the table was scrolled, in pixels. */
  readonly scroll: number;
}

/** The part of a view that is worth keeping. */
export function saveInspector(view: InspectorView, scroll: number): SavedInspector {
  return { version: VERSION, view: omit(view, 'unfolded', 'notices'), scroll };
}

/** A view with what was kept. */
export function restoreInspector(
  view: InspectorView,
  saved: SavedInspector | undefined,
): InspectorView {
  return saved?.version === VERSION ? { ...view, ...saved.view } : view;
}
