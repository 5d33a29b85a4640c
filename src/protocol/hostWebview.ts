import type { Comparison } from '../core/evaluation/comparison';
import type { Evaluation } from '../core/evaluation/evaluation';
import type { ProgressReport } from '../core/progress';
import type { Bounds, DataRecipe, Recipe } from '../core/recipe/recipe';
import type { Plan } from '../core/report/plan';
import type { Report, Sizes } from '../core/report/report';
import type { SensitivityResult } from '../core/sweep/sensitivity';
import type { SweepMethod, SweepPart, SweepResult } from '../core/sweep/sweep';
import type { DataView, ModelView, TensorStatisticsView, UnitScoresView } from './views';

/**
 * The prune panel and its host. The host owns the recipe and its undo stack, because the side bar
 * changes them too; the panel owns what is only looked at (selection, scales, sizes).
 * A `revision` counts the recipe's changes, so that an answer about an older plan is known as such.
 */
export type HostToPanel =
  | { readonly type: 'model'; readonly model: ModelView; readonly context: PanelContext }
  | { readonly type: 'statistics'; readonly statistics: readonly TensorStatisticsView[] }
  | {
      readonly type: 'recipe';
      readonly recipe: Recipe;
      readonly revision: number;
      readonly canUndo: boolean;
    }
  | {
      readonly type: 'data';
      readonly choices: readonly DataChoice[];
      readonly selected: DataView | null;
    }
  | { readonly type: 'plan'; readonly plan: Plan; readonly revision: number }
  | {
      readonly type: 'evaluation';
      /** Null where the data has no labels. */
      readonly before: Evaluation | null;
      readonly after: Evaluation | null;
      readonly comparison: Comparison | null;
      readonly revision: number;
      /** Where the sizes were measured with it. */
      readonly sizes?: Sizes;
    }
  /** A comparison of criteria: its beginning, its end, or all that is known of it. */
  | { readonly type: 'sweep'; readonly sweep: SweepRun }
  /** More of the comparison that runs. */
  | { readonly type: 'sweepPart'; readonly part: SweepPart }
  | {
      readonly type: 'sensitivity';
      readonly result: SensitivityResult;
      readonly revision: number;
    }
  /** What the units of one tensor are ranked by; null where that is not known. */
  | {
      readonly type: 'unitScores';
      readonly tensor: string;
      readonly units: UnitScoresView | null;
      readonly revision: number;
    }
  /** Asked for elsewhere, e.g. by a command. */
  | { readonly type: 'showPage'; readonly page: 'plan' | 'compare' }
  /** Absent `report` and `task` null: nothing is running. */
  | {
      readonly type: 'progress';
      readonly task: PanelTask | null;
      readonly report: ProgressReport | null;
    }
  | { readonly type: 'result'; readonly result: PruneResult; readonly revision: number }
  | { readonly type: 'banner'; readonly banner: Banner | null }
  | { readonly type: 'failure'; readonly failure: PanelFailure | null }
  | { readonly type: 'cancelled'; readonly task: PanelTask }
  /** The layer selected elsewhere (the tree). */
  | { readonly type: 'selectLayer'; readonly layer: string };

export type PanelToHost =
  /** The panel is drawn and wants everything again, also after it was hidden. */
  | { readonly type: 'ready' }
  | { readonly type: 'changeRecipe'; readonly recipe: Recipe }
  | { readonly type: 'undo' }
  | { readonly type: 'selectLayer'; readonly layer: string }
  /** Weights whose rows are in sight and not yet read: to be read next. */
  | { readonly type: 'inSight'; readonly tensors: readonly string[] }
  /** The layer that is looked at: what are its units ranked by? */
  | { readonly type: 'unitScores'; readonly tensor: string }
  | { readonly type: 'chooseData'; readonly path: string | null }
  | { readonly type: 'browseData' }
  | { readonly type: 'browseMask' }
  | { readonly type: 'browseCalibration' }
  /** Plans again what was cancelled or failed. */
  | { readonly type: 'plan' }
  | ({ readonly type: 'sweep' } & SweepOrder)
  | { readonly type: 'sensitivity'; readonly levels: readonly number[] }
  | { readonly type: 'changeData'; readonly data: DataRecipe }
  | { readonly type: 'evaluate' }
  | { readonly type: 'prune' }
  | { readonly type: 'cancel' }
  | { readonly type: 'saveRecipe' }
  | { readonly type: 'openResult' }
  /** The last result without its zeros. */
  | { readonly type: 'exportPacked' }
  | { readonly type: 'showRecipe' }
  | { readonly type: 'copyCommand' }
  | { readonly type: 'reload' }
  | { readonly type: 'showLog' }
  | { readonly type: 'dismissBanner' }
  | { readonly type: 'manageTrust' };

export interface PanelContext {
  /** The folder in which the model appears under its name, relative to the workspace. */
  readonly folder: string;
  /** The name of the file that Prune will write. */
  readonly outputName: string;
  /** Whether the workspace is trusted: pruning writes files and is off otherwise. */
  readonly trusted: boolean;
  /** The engine that evaluates, in words. */
  readonly engine: string;
}

/** A data file that lies nearby. */
export interface DataChoice {
  readonly path: string;
  /** Relative to the model's folder. */
  readonly label: string;
}

export type PanelTask =
  'open' | 'statistics' | 'plan' | 'evaluate' | 'prune' | 'sweep' | 'sensitivity';

/** What to compare: several criteria over a range of sparsities, and what the best may lose. */
export interface SweepOrder {
  readonly methods: readonly SweepMethod[];
  readonly sparsities: readonly number[];
  readonly bounds: Bounds;
}

/** A comparison as far as it has come. */
export interface SweepRun extends SweepOrder {
  readonly parts: readonly SweepPart[];
  /** null while it runs, and where it was cancelled or failed. */
  readonly result: SweepResult | null;
  /** Of the recipe whose other settings it has. */
  readonly revision: number;
}

export interface PruneResult {
  readonly report: Report;
  readonly outputName: string;
  readonly outputFolder: string;
  /** The shell command that gives the same bytes. */
  readonly command: string;
}

export type Banner =
  | { readonly kind: 'fileChanged' }
  | { readonly kind: 'workerRestarted'; readonly reason: string }
  | { readonly kind: 'untrusted' };

/** What went wrong, in the user's language: sentence, reason, and what is certain or can be done. */
export interface PanelFailure {
  readonly task: PanelTask;
  readonly title: string;
  readonly detail: string;
  /** What is still true, e.g. that the original is untouched. */
  readonly assurance: string | null;
  /** What the user can do about it; absent where nothing is known to help. */
  readonly advice?: FailureAdvice;
}

/** What can be done about a failure: a sentence, and the shell command that does it. */
export interface FailureAdvice {
  readonly sentence: string;
  readonly command: string | null;
}

/** What the host gives a page before any script runs, as JSON in a data attribute. */
export interface PanelBootstrap {
  /**
   * The model's path. The page keeps it as `path` of its own state (`setState`): after a reload of
   * the window it is all that the host gets back.
   */
  readonly path: string;
  /** Translations, as `vscode.l10n.bundle`; absent for English. */
  readonly l10n: Readonly<Record<string, string>> | null;
  readonly locale: string;
}
