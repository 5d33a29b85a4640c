import type { Comparison } from '../core/evaluation/comparison';
import type { Evaluation } from '../core/evaluation/evaluation';
import type { EngineWish } from '../core/graph/engineChoice';
import type { ProgressReport } from '../core/progress';
import type { Architecture, DataRecipe, Recipe } from '../core/recipe/recipe';
import type { AuditReport } from '../core/report/audit';
import type { Plan } from '../core/report/plan';
import type { Report } from '../core/report/report';
import type { SensitivityRequest, SensitivityResult } from '../core/sweep/sensitivity';
import type { SweepPart, SweepRequest, SweepResult } from '../core/sweep/sweep';
import type {
  DataView,
  EqualTensors,
  ModelView,
  TensorStatisticsView,
  UnitScoresView,
} from './views';

/**
 * Everything the host (or the command line) asks of the worker, and the worker of a compute child.
 * Both ends are typed by this one interface: method name → what is sent and what comes back.
 */
export interface WorkerRequests {
  readonly openModel: {
    readonly params: { readonly path: string; readonly architecture?: Architecture };
    readonly result: ModelView;
  };
  /**
   * Statistics arrive one tensor at a time as `tensorStatistics` progress; the result only ends it.
   * The tensors of `first` are measured first, the rest in the file's order.
   */
  readonly readStatistics: {
    readonly params: { readonly path: string; readonly first?: readonly string[] };
    readonly result: { readonly tensorCount: number };
  };
  /** Which tensors a running `readStatistics` is to measure next, because they are in sight now. */
  readonly measureNext: {
    readonly params: { readonly path: string; readonly tensors: readonly string[] };
    readonly result: { readonly isMeasuring: boolean };
  };
  /** Which of the tensors that look alike (each list) hold the very same bytes. */
  readonly findEqualTensors: {
    readonly params: {
      readonly path: string;
      readonly candidates: readonly (readonly string[])[];
    };
    readonly result: { readonly groups: readonly EqualTensors[] };
  };
  readonly plan: {
    readonly params: { readonly path: string; readonly recipe: Recipe };
    readonly result: Plan;
  };
  /** What a plan ranks the units of one of its tensors by; null where it takes no whole units of it. */
  readonly unitScores: {
    readonly params: {
      readonly path: string;
      readonly recipe: Recipe;
      readonly tensor: string;
      /** All tensors of the plan. */
      readonly planned: readonly string[];
    };
    readonly result: UnitScoresView | null;
  };
  /** Evaluates the file as it is and, with `planned`, as the recipe would leave it. */
  readonly evaluate: {
    readonly params: {
      readonly path: string;
      readonly recipe: Recipe;
      readonly data: DataRecipe;
      readonly planned: boolean;
    };
    readonly result: {
      /** Null where the data has no labels. */
      readonly before: Evaluation | null;
      readonly after: Evaluation | null;
      /** Null where only the original was evaluated. */
      readonly comparison: Comparison | null;
    };
  };
  /** Draws metric against sparsity for several criteria; points come as `sweepPart` progress, too. */
  readonly sweep: {
    readonly params: SweepRequest;
    readonly result: SweepResult;
  };
  /** What the model loses where each layer alone is pruned. */
  readonly sensitivity: {
    readonly params: SensitivityRequest;
    readonly result: SensitivityResult;
  };
  /** Writes `output`, evaluating before and after when the recipe has data. */
  readonly prune: {
    readonly params: {
      readonly path: string;
      readonly recipe: Recipe;
      readonly output: string;
      readonly replace: boolean;
    };
    readonly result: Report;
  };
  /** The engine for all networks that are run from now on. */
  readonly useEngine: {
    readonly params: EngineWish;
    readonly result: null;
  };
  /** Has npm install the native engine into a folder, and keeps it only where it works. */
  readonly installNativeEngine: {
    readonly params: { readonly folder: string };
    readonly result: { readonly folder: string };
  };
  /** Removes what a worker that was killed in mid-write left in a folder. */
  readonly clearUp: {
    readonly params: { readonly folder: string };
    readonly result: { readonly folder: string };
  };
  /** What loading a file with Python would import and run. Nothing of it is executed. */
  readonly audit: {
    readonly params: { readonly path: string };
    readonly result: AuditReport;
  };
  /** Saves the tensors of any model as one safetensors file. */
  readonly convert: {
    readonly params: {
      readonly path: string;
      readonly output: string;
      readonly replace: boolean;
      readonly includeOptimizer: boolean;
    };
    readonly result: {
      readonly output: string;
      readonly tensorCount: number;
      readonly byteLength: number;
      readonly warnings: readonly string[];
    };
  };
  /** Writes a model's file without its zeros. */
  readonly pack: {
    readonly params: { readonly path: string; readonly output: string };
    readonly result: {
      readonly output: string;
      readonly bytesBefore: number;
      readonly bytesAfter: number;
    };
  };
  readonly describeData: {
    readonly params: {
      readonly path: string;
      readonly modelPath: string | null;
      /** What the recipe says of a model without a graph: its last activation tells the loss. */
      readonly architecture?: Architecture;
      /** What the recipe says of a csv. */
      readonly csv?: Pick<DataRecipe, 'header' | 'delimiter'>;
    };
    readonly result: DataView;
  };
}

export type WorkerMethod = keyof WorkerRequests;
export type WorkerParams<M extends WorkerMethod> = WorkerRequests[M]['params'];
export type WorkerResult<M extends WorkerMethod> = WorkerRequests[M]['result'];

/** What comes while a request runs. */
export type WorkerProgress =
  | { readonly kind: 'progress'; readonly report: ProgressReport }
  | { readonly kind: 'tensorStatistics'; readonly statistics: TensorStatisticsView }
  | { readonly kind: 'sweepPart'; readonly part: SweepPart };
