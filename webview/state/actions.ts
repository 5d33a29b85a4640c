import type { DataRecipe, Recipe } from '../../src/core/recipe/recipe';
import type { HostToPanel, PanelToHost, SweepOrder } from '../../src/protocol/hostWebview';
import type { CompareForm } from './compareForm';
import type {
  ChartCursor,
  ContextMenu,
  DetailTab,
  PageId,
  PaneId,
  SashId,
  SortColumn,
} from './panelState';

/** Everything that changes the panel: what the host says and what the user does. */
export type PanelAction = PlanAction | ViewAction;

/** What the host says, or is told. */
export type PlanAction =
  | { readonly type: 'host'; readonly message: HostToPanel }
  /** A change in progress: seen at once, sent by `commit`, taken back by `revert`. */
  | { readonly type: 'draft'; readonly recipe: Recipe }
  | { readonly type: 'commit' }
  | { readonly type: 'revert' }
  /** A whole change: one undo step. */
  | { readonly type: 'change'; readonly recipe: Recipe }
  | { readonly type: 'changeData'; readonly data: DataRecipe }
  | { readonly type: 'chooseData'; readonly path: string | null }
  /** Compares criteria, or measures sensitivities; a draft is committed before it. */
  | { readonly type: 'sweep'; readonly order: SweepOrder }
  | { readonly type: 'sensitivity'; readonly levels: readonly number[] }
  /** A wish without parameters; a draft is committed before it. */
  | { readonly type: 'ask'; readonly wish: Wish }
  | { readonly type: 'select'; readonly layer: string };

/** What is only looked at: nothing of it concerns the host. */
export type ViewAction =
  | { readonly type: 'sort'; readonly column: SortColumn }
  | { readonly type: 'filter'; readonly text: string | null }
  | { readonly type: 'editOverride'; readonly layer: string | null }
  | { readonly type: 'menu'; readonly menu: ContextMenu | null }
  | { readonly type: 'typeField'; readonly field: string; readonly text: string }
  | { readonly type: 'refuseField'; readonly field: string; readonly error: string }
  | { readonly type: 'endField'; readonly field: string }
  | { readonly type: 'toggle'; readonly what: Toggle }
  | { readonly type: 'togglePane'; readonly pane: PaneId }
  | { readonly type: 'showTab'; readonly tab: DetailTab }
  | { readonly type: 'showPage'; readonly page: PageId }
  | { readonly type: 'compareForm'; readonly form: CompareForm }
  | { readonly type: 'cursor'; readonly cursor: ChartCursor | null }
  /** null gives back the size of the style sheet. */
  | { readonly type: 'resizeSash'; readonly sash: SashId; readonly size: number | null };

/** What the host is asked to do, by the name of its message. */
export type Wish =
  | 'undo'
  | 'browseData'
  | 'browseMask'
  | 'browseCalibration'
  | 'plan'
  | 'evaluate'
  | 'prune'
  | 'cancel'
  | 'saveRecipe'
  | 'openResult'
  | 'exportPacked'
  | 'showRecipe'
  | 'copyCommand'
  | 'reload'
  | 'showLog'
  | 'dismissBanner'
  | 'manageTrust';

/** What is switched on and off in the view. */
export type Toggle =
  | 'logarithmic'
  | 'asTable'
  | 'unitsAsWeights'
  | 'unitsSorted'
  | 'dataForm'
  | 'moreData'
  | 'moreMethod'
  | 'curvesAsTable'
  | 'notices'
  | 'matrixBefore';

/** The next state, and what the host is told. */
export interface Step<S> {
  readonly state: S;
  readonly send: readonly PanelToHost[];
}

/** Takes an action; the page is drawn again in the next frame. */
export type Dispatch = (action: PanelAction) => void;
