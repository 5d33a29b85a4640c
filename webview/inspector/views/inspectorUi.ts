import type { InspectorAction } from '../state/inspectorActions';
import type { InspectorState } from '../state/inspectorState';

/** What every view of the inspector is drawn from. */
export interface InspectorUi {
  readonly state: InspectorState;
  readonly dispatch: (action: InspectorAction) => void;
  readonly measures: InspectorMeasures;
  /** Draws again although no state has changed: a size or a scroll position has. */
  readonly redraw: () => void;
}

/** Sizes read from the page, in pixels. They change without an action and are never kept. */
export interface InspectorMeasures {
  tableWidth: number;
  listScroll: number;
  listWidth: number;
  listHeight: number;
  figureWidth: number;
  figureHeight: number;
  /** The header cell that the keyboard is on; null while it is on the rows. */
  headerCell: number | null;
}

/** Sizes for the first drawing; what is observed in the page replaces them at once. */
export function initialInspectorMeasures(): InspectorMeasures {
  return {
    tableWidth: 870,
    listScroll: 0,
    listWidth: 870,
    listHeight: 480,
    figureWidth: 408,
    figureHeight: 200,
    headerCell: null,
  };
}
