import type { DType } from '../core/model/dtype';
import type { LayerOperator, LockReason, Notice } from '../core/model/model';
import type { DataRecipe } from '../core/recipe/recipe';
import type { Distribution, TensorStatistics } from '../core/statistics/tensorStatistics';

/** What crosses between processes about a model: its header, never its weights. */
export interface ModelView {
  readonly path: string;
  /** The name shown: the file's, or the folder's for a model kept in several files. */
  readonly name: string;
  readonly format: string;
  readonly formatLabel: string;
  readonly parameterCount: number;
  readonly byteLength: number;
  /** Element types of the weights, most common first. */
  readonly dtypes: readonly string[];
  readonly tensors: readonly TensorView[];
  readonly layers: readonly LayerView[];
  readonly notices: readonly Notice[];
  /** Whether the model can be run, and why not. */
  readonly executable: boolean;
  readonly notExecutableBecause: string | null;
  readonly nodeCount: number | null;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly { readonly name: string }[];
}

export interface TensorView {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly elementCount: number;
  readonly role: 'parameter' | 'optimizer';
}

export interface LayerView {
  readonly name: string;
  readonly operator: LayerOperator;
  readonly operatorLabel: string;
  /** Tensor names, weight first. */
  readonly tensors: readonly string[];
  readonly weight: TensorView | null;
  readonly parameterCount: number;
  readonly prunable: boolean;
  readonly lockedBy: LockReason | null;
  /** Feeds an output of the model. */
  readonly isOutput: boolean;
}

/** Statistics of one tensor as they are found; `distribution` only for prunable weights. */
export interface TensorStatisticsView {
  readonly tensor: string;
  readonly statistics: TensorStatistics;
  readonly distribution: Distribution | null;
}

/** What a data file holds, and how it is taken unless the user says otherwise. */
export interface DataView {
  readonly path: string;
  readonly name: string;
  readonly kind: 'npz' | 'csv';
  readonly arrays: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
  }[];
  readonly rowCount: number;
  /** The guess, shown to the user. */
  readonly suggestion: DataRecipe;
}
