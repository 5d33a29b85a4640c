import type { DType } from '../core/model/dtype';
import type { LayerOperator, LockReason, Notice } from '../core/model/model';
import type { DataRecipe, UnitLayout } from '../core/recipe/recipe';
import type { ConstantUnits } from '../core/statistics/constantUnits';
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
  readonly tensors: readonly StoredTensorView[];
  readonly layers: readonly LayerView[];
  readonly notices: readonly Notice[];
  /** What the file says of itself, flattened and cut to what can be shown. */
  readonly metadata: readonly MetadataEntry[];
  /** Whether the model can be run, and why not. */
  readonly executable: boolean;
  readonly notExecutableBecause: string | null;
  readonly nodeCount: number | null;
  /** Whether attention heads are found in the graph. */
  readonly hasHeads: boolean;
  /** Whether a normalization scales the units of a layer that can be pruned. */
  readonly hasUnitScales: boolean;
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

/** A tensor with where and how its bytes lie. */
export interface StoredTensorView extends TensorView {
  readonly storage: StorageView;
}

/** Where and how the bytes of a tensor lie. */
export interface StorageView {
  /** Bytes as stored. */
  readonly byteLength: number;
  /** The type of the stored elements, as the file calls it where no {@link DType} says it. */
  readonly elementType: string;
  /** The file or member that the bytes lie in; null where there are none. */
  readonly file: string | null;
  /** Of the first byte, in that file. */
  readonly byteOffset: number | null;
  /** Into how many runs of bytes the tensor is cut. */
  readonly pieceCount: number;
  readonly littleEndian: boolean;
  /** Axes from the slowest to the fastest varying; null for C order. */
  readonly axisOrder: readonly number[] | null;
  /** How codes become values; null where values are stored as they are. */
  readonly codes: CodesView | null;
}

/** value = (code - zeroPoint) * scale; several scales are one for each index along `axis`. */
export interface CodesView {
  readonly scaleCount: number;
  /** The first of them. */
  readonly scale: number;
  readonly zeroPoint: number;
  readonly axis: number | null;
}

/** One thing that a file says of itself. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
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
  /** Operator and unit axis are a guess from names and shapes. */
  readonly guessed: boolean;
  /** The axis of the weight that counts units; null where it is not known. */
  readonly unitAxis: number | null;
  readonly unitCount: number | null;
  /** Where the axis would be by a framework's convention; null where the file itself says it. */
  readonly unitAxisBy: Readonly<Record<UnitLayout, number | null>> | null;
}

/** Statistics of one tensor as they are found; `distribution` only for weights of rank 2 and more. */
export interface TensorStatisticsView {
  readonly tensor: string;
  readonly statistics: TensorStatistics;
  readonly distribution: Distribution | null;
  /** Units that give the same whatever comes in; null where units are not known. */
  readonly constantUnits: ConstantUnits | null;
}

/** The scores of a tensor's units, or heads. */
export interface UnitScoresView {
  readonly tensor: string;
  /** Of the tensor; where it has very many, fewer are told. */
  readonly unitCount: number;
  /** Which units are told, ascending. */
  readonly units: readonly number[];
  /** Of each of them, larger = keep; null where it is no finite number. */
  readonly scores: readonly (number | null)[];
}

/** Tensors that hold the same bytes. */
export interface EqualTensors {
  readonly tensors: readonly string[];
  /** They are one run of bytes in the file, not copies. */
  readonly shared: boolean;
}

/** What a data file holds, and how it is taken unless the user says otherwise. */
export interface DataView {
  readonly path: string;
  readonly name: string;
  readonly kind: DataKind;
  readonly arrays: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: string;
  }[];
  readonly rowCount: number;
  /** The guess, shown to the user. */
  readonly suggestion: DataRecipe;
  /** What the user should know of the data or may want to set. */
  readonly notes: readonly DataNote[];
}

/** What kind of thing holds data: `arrays` is a folder of npy or IDX files, `images` one of pictures. */
export type DataKind = 'npz' | 'npy' | 'idx' | 'arrays' | 'csv' | 'jsonl' | 'parquet' | 'images';

/** Something about data that a guess does not settle. */
export type DataNote =
  | { readonly kind: 'noLabels' }
  /** The model scales pixels itself. */
  | { readonly kind: 'modelScales' }
  /** Colour pictures of this size are mostly learnt from with these numbers; only the user can know. */
  | {
      readonly kind: 'mayBeImageNet';
      readonly mean: readonly number[];
      readonly std: readonly number[];
    }
  | { readonly kind: 'missingValues'; readonly column: string; readonly row: number }
  | { readonly kind: 'resized'; readonly from: readonly number[]; readonly to: readonly number[] }
  | { readonly kind: 'classes'; readonly names: readonly string[] };
