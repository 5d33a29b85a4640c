import type { Comparison } from '../../src/core/evaluation/comparison';
import type { Evaluation } from '../../src/core/evaluation/evaluation';
import type { ProgressReport } from '../../src/core/progress';
import type { Recipe } from '../../src/core/recipe/recipe';
import type { Plan } from '../../src/core/report/plan';
import type { SensitivityResult } from '../../src/core/sweep/sensitivity';
import type { Sizes } from '../../src/core/report/report';
import type {
  Banner,
  DataChoice,
  PanelContext,
  PanelFailure,
  PanelTask,
  PruneResult,
  SweepRun,
} from '../../src/protocol/hostWebview';
import type {
  DataView,
  ModelView,
  TensorStatisticsView,
  UnitScoresView,
} from '../../src/protocol/views';
import { initialCompareForm, type CompareForm } from './compareForm';

/** Everything the panel draws from: what the host said, what is being changed, what is looked at. */
export interface PanelState {
  /** The model's path: all that is known before the host has opened it. */
  readonly path: string;
  readonly model: ModelView | null;
  readonly context: PanelContext | null;
  readonly statistics: ReadonlyMap<string, TensorStatisticsView>;
  readonly recipe: RecipeState | null;
  readonly data: DataState | null;
  readonly plan: Revised<{ readonly plan: Plan }> | null;
  readonly evaluation: Revised<EvaluationPair> | null;
  /** The last comparison of criteria, also one that runs or was cancelled. */
  readonly sweep: SweepRun | null;
  readonly sensitivity: Revised<{ readonly result: SensitivityResult }> | null;
  /** What the units of the tensor asked for last are ranked by. */
  readonly units: Revised<UnitScoresAnswer> | null;
  readonly running: RunningTask | null;
  readonly result: Revised<{ readonly result: PruneResult }> | null;
  /** The file is being read anew: what was known of the earlier bytes goes when it is there. */
  readonly isReopened: boolean;
  readonly banner: Banner | null;
  readonly failure: PanelFailure | null;
  /** What was cancelled last, until the next change. */
  readonly cancelled: PanelTask | null;
  readonly view: ViewState;
}

/** Something that was true of one revision of the recipe. */
export type Revised<T> = T & { readonly revision: number };

/** What the host knows of a tensor's units; null where nothing. */
export interface UnitScoresAnswer {
  readonly tensor: string;
  readonly units: UnitScoresView | null;
}

/** What the model does on the data, as it is and as the plan would leave it. */
export interface EvaluationPair {
  /** Null where the data has no labels. */
  readonly before: Evaluation | null;
  readonly after: Evaluation | null;
  /** Null where only the original was evaluated. */
  readonly comparison: Comparison | null;
  readonly sizes: Sizes | null;
}

/** What runs now, and how far it is. */
export interface RunningTask {
  readonly task: PanelTask;
  readonly report: ProgressReport | null;
}

/** The recipe on its way between the panel and the host. */
export interface RecipeState {
  /** As the host has it. */
  readonly saved: Recipe;
  readonly revision: number;
  readonly canUndo: boolean;
  /** Sent to the host and not yet confirmed. */
  readonly sent: Recipe | null;
  /** How many sent recipes are not yet confirmed. */
  readonly sentCount: number;
  /** Being changed right now (a drag, a run of arrow keys); nothing was sent. */
  readonly draft: Recipe | null;
}

/** The data that can be chosen, and that is. */
export interface DataState {
  readonly choices: readonly DataChoice[];
  readonly selected: DataView | null;
  /** Chosen here and not yet confirmed; null is the choice of none. */
  readonly choosing: { readonly path: string | null } | null;
}

/** The columns that the list of layers can be sorted by. */
export type SortColumn = 'name' | 'shape' | 'sparsity' | 'override';
/** The areas of the panel. */
export type PaneId =
  | 'compare'
  | 'method'
  | 'prediction'
  | 'layers'
  | 'detail'
  | 'evaluation'
  | 'curves'
  | 'sensitivity';
/** What the panel shows: the plan, the last result, or the comparison of criteria. */
export type PageId = 'plan' | 'result' | 'compare';
/** What the lower area shows where detail and evaluation share it. */
export type DetailTab = 'distribution' | 'evaluation';
/** The lines that can be dragged, by the area they resize. */
export type SashId = 'method' | 'detail' | 'evaluation' | 'panel';

/** What is only looked at; the panel's own, and kept while the window lives. */
export interface ViewState {
  readonly page: PageId;
  /** A prune was begun whose result has not been shown yet: it opens when it comes. */
  readonly awaitsResult: boolean;
  readonly selected: string | null;
  readonly sort: { readonly column: SortColumn; readonly descending: boolean } | null;
  /** null while the filter is closed. */
  readonly filter: string | null;
  /** The layer whose override is being typed. */
  readonly editing: string | null;
  readonly menu: ContextMenu | null;
  readonly logarithmic: boolean;
  readonly asTable: boolean;
  /** The detail of a layer that loses whole units shows its weights all the same. */
  readonly unitsAsWeights: boolean;
  /** Units stand in the order of their scores. */
  readonly unitsSorted: boolean;
  readonly collapsed: readonly PaneId[];
  readonly tab: DetailTab;
  readonly dataForm: boolean;
  /** The rarer settings of the data are unfolded. */
  readonly moreData: boolean;
  /** The rarer settings of the method are unfolded. */
  readonly moreMethod: boolean;
  /** What is to be compared. */
  readonly compare: CompareForm;
  /** The point of the comparison that is read out: its curve, and its sparsity. */
  readonly cursor: ChartCursor | null;
  /** The comparison is shown as a table alone. */
  readonly curvesAsTable: boolean;
  /** The confusion matrix shows the original, not the plan. */
  readonly matrixBefore: boolean;
  readonly notices: boolean;
  /** Text in fields while it is typed, and why it is not accepted. */
  readonly fields: Readonly<Record<string, FieldText>>;
  readonly sashes: Readonly<Partial<Record<SashId, number>>>;
}

/** A point of a chart of curves. */
export interface ChartCursor {
  readonly curve: number;
  readonly sparsity: number;
}

/** The text of a field while it is typed, and why it is refused. */
export interface FieldText {
  readonly text: string;
  readonly error: string | null;
}

/** An open menu: whose, where in the page, and which item the keyboard is on. */
export interface ContextMenu {
  readonly layer: string;
  readonly x: number;
  readonly y: number;
  readonly active: number;
}

/** The panel before the host has said anything. */
export const initialState: PanelState = {
  path: '',
  model: null,
  context: null,
  statistics: new Map(),
  recipe: null,
  data: null,
  plan: null,
  evaluation: null,
  sweep: null,
  sensitivity: null,
  units: null,
  running: null,
  result: null,
  isReopened: false,
  banner: null,
  failure: null,
  cancelled: null,
  view: {
    page: 'plan',
    awaitsResult: false,
    selected: null,
    sort: null,
    filter: null,
    editing: null,
    menu: null,
    logarithmic: false,
    asTable: false,
    unitsAsWeights: false,
    unitsSorted: true,
    collapsed: ['prediction'],
    tab: 'distribution',
    dataForm: false,
    moreData: false,
    moreMethod: false,
    compare: initialCompareForm,
    cursor: null,
    curvesAsTable: false,
    matrixBefore: false,
    notices: false,
    fields: {},
    sashes: {},
  },
};

/** The recipe as the user sees it now: being changed, sent, or as the host has it. */
export function currentRecipe(state: PanelState): Recipe | null {
  if (state.recipe === null) return null;
  return state.recipe.draft ?? state.recipe.sent ?? state.recipe.saved;
}

/** Whether nothing is on its way: what the host planned last is the plan of what is seen. */
export function isRecipeSettled(state: PanelState): boolean {
  return state.recipe !== null && state.recipe.draft === null && state.recipe.sent === null;
}

const BUSY: readonly PanelTask[] = ['evaluate', 'prune', 'sweep', 'sensitivity'];

/** Whether a job runs during which the plan must not change. */
export function isBusy(state: PanelState): boolean {
  return state.running !== null && BUSY.includes(state.running.task);
}
