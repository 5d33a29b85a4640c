import type { OnnxNode } from '../messages';
import { ACTIVATIONS } from './activations';
import { ARITHMETIC } from './arithmetic';
import { ATTENTION } from './attention';
import { CONSTANTS } from './constants';
import { CONVOLUTION } from './convolution';
import { EINSUM } from './einsum';
import { FUSED } from './fused';
import { INDEXING } from './indexing';
import { LAYOUT } from './layout';
import type { LoweringTable, LowerNode } from './lowerNode';
import { MATRIX } from './matrix';
import { NORMALIZATION } from './normalization';
import { POOLING } from './pooling';
import { QUANTIZATION } from './quantization';
import { QUANTIZED_OPERATORS } from './quantizedOperators';
import { QUANTIZED_PRODUCTS } from './quantizedProducts';
import { RECURRENT } from './recurrent';
import { REDUCTIONS } from './reductions';
import { RESIZE } from './resize';
import { SCATTER } from './scatter';
import { SHAPES } from './shapes';
import { SLICES } from './slices';

const TABLES: readonly LoweringTable[] = [
  ACTIVATIONS,
  ARITHMETIC,
  ATTENTION,
  CONSTANTS,
  CONVOLUTION,
  EINSUM,
  FUSED,
  INDEXING,
  LAYOUT,
  MATRIX,
  NORMALIZATION,
  POOLING,
  QUANTIZATION,
  QUANTIZED_OPERATORS,
  QUANTIZED_PRODUCTS,
  RECURRENT,
  REDUCTIONS,
  RESIZE,
  SCATTER,
  SHAPES,
  SLICES,
];

const LOWERINGS: ReadonlyMap<string, LowerNode> = new Map(
  TABLES.flatMap((table) => Object.entries(table)),
);

/** How a node's operator is written in the closed set; undefined for one that is not known. */
export function lowerNodeOf({ domain, opType }: OnnxNode): LowerNode | undefined {
  return LOWERINGS.get(domain === '' ? opType : `${domain}:${opType}`);
}
