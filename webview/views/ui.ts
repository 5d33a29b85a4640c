import type { Dispatch } from '../state/actions';
import type { PanelState } from '../state/panelState';

/** What every view is drawn from. */
export interface Ui {
  readonly state: PanelState;
  readonly dispatch: Dispatch;
  readonly measures: Measures;
  /** Draws again although no state has changed: a size or a scroll position has. */
  readonly redraw: () => void;
}

/** Sizes read from the page, in pixels. They change without an action and are never kept. */
export interface Measures {
  listScroll: number;
  listHeight: number;
  resultScroll: number;
  resultHeight: number;
  figureWidth: number;
  figureHeight: number;
  curvesWidth: number;
  curvesHeight: number;
  /** The header cell of the list that the keyboard is on; null while it is on the rows. */
  headerCell: number | null;
}

/** Sizes for the first drawing; what is observed in the page replaces them at once. */
export function initialMeasures(): Measures {
  return {
    listScroll: 0,
    listHeight: 480,
    resultScroll: 0,
    resultHeight: 480,
    figureWidth: 408,
    figureHeight: 242,
    curvesWidth: 720,
    curvesHeight: 320,
    headerCell: null,
  };
}
