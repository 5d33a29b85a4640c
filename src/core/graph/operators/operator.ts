import type { ActivationOperator, PReluOperator, UnaryOperator } from './activation';
import type {
  CastOperator,
  CompareOperator,
  LogicalOperator,
  MergeOperator,
  SelectOperator,
} from './elementwise';
import type {
  ConvolutionOperator,
  DenseOperator,
  DepthwiseConvolutionOperator,
  MatMulOperator,
  TransposedConvolutionOperator,
} from './linear';
import type {
  BatchNormalizationOperator,
  GroupNormalizationOperator,
  LayerNormalizationOperator,
  LocalResponseNormalizationOperator,
} from './normalization';
import type { GlobalPoolOperator, PoolOperator } from './pooling';
import type { RecurrentOperator } from './recurrent';
import type {
  ArgReduceOperator,
  CumulateOperator,
  ReduceOperator,
  TopKOperator,
} from './reduction';
import type {
  ConcatenateOperator,
  DepthToSpaceOperator,
  ExpandOperator,
  FillOperator,
  FlattenOperator,
  GatherElementsOperator,
  GatherOperator,
  OneHotOperator,
  PadOperator,
  ResizeOperator,
  ReshapeOperator,
  ReverseOperator,
  SliceOperator,
  SpaceToDepthOperator,
  SplitOperator,
  TileOperator,
  TransposeOperator,
} from './shape';

/** What a node does. A closed set: readers write every format's operators in these terms. */
export type Operator =
  | ActivationOperator
  | ArgReduceOperator
  | BatchNormalizationOperator
  | CastOperator
  | CompareOperator
  | ConcatenateOperator
  | ConvolutionOperator
  | CumulateOperator
  | DenseOperator
  | DepthToSpaceOperator
  | DepthwiseConvolutionOperator
  | DropoutOperator
  | ExpandOperator
  | FillOperator
  | FlattenOperator
  | GatherElementsOperator
  | GatherOperator
  | GlobalPoolOperator
  | GroupNormalizationOperator
  | IdentityOperator
  | LayerNormalizationOperator
  | LocalResponseNormalizationOperator
  | LogicalOperator
  | MatMulOperator
  | MergeOperator
  | OneHotOperator
  | OpaqueOperator
  | PReluOperator
  | PadOperator
  | PoolOperator
  | RecurrentOperator
  | ReduceOperator
  | ReshapeOperator
  | ResizeOperator
  | ReverseOperator
  | SelectOperator
  | SliceOperator
  | SpaceToDepthOperator
  | SplitOperator
  | TileOperator
  | TopKOperator
  | TransposedConvolutionOperator
  | TransposeOperator
  | UnaryOperator;

/** Passes its input on. */
export interface IdentityOperator {
  readonly kind: 'identity';
}

/** Passes its input on; in training each element is dropped with probability `rate`, the others scaled by 1 / (1 - rate). */
export interface DropoutOperator {
  readonly kind: 'dropout';
  readonly rate: number;
  /** Axes of the noise that are 1, so that it is shared along them (SpatialDropout); empty: every element by itself. */
  readonly sharedAxes: readonly number[];
}

/** Outside the set: the graph is shown and pruned by weight, but the own executor cannot run it. */
export interface OpaqueOperator {
  readonly kind: 'opaque';
  /** The operator's name in the source format, with its domain where that is not the usual one. */
  readonly name: string;
  /** What about it is not supported, where the operator as such is. */
  readonly reason?: string;
}
