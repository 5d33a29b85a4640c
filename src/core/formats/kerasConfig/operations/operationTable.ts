import type { LayerFunction } from '../layerContext';
import { arrayOperations } from './arrays';
import { elementwiseOperations } from './elementwise';
import { getItem } from './getItem';
import { imageOperations } from './images';
import { normalizationOperations } from './normalization';
import { rearrangingOperations } from './rearranging';
import { reductionOperations } from './reductions';
import { tensorflowOperation } from './tensorflowOperation';

const OPERATIONS: ReadonlyMap<string, LayerFunction> = new Map([
  ...[
    elementwiseOperations,
    reductionOperations,
    arrayOperations,
    rearrangingOperations,
    normalizationOperations,
    imageOperations,
  ].flatMap((family) => Object.entries(family)),
  ['GetItem', getItem],
]);

/** How a function on tensors is written out, by the class that Keras keeps it as; null for one outside the set. */
export function operationFunction(className: string): LayerFunction | null {
  if (className === 'SlicingOpLambda') return getItem;
  if (className === 'TFOpLambda')
    return tensorflowOperation((name) => OPERATIONS.get(name) ?? null);
  return OPERATIONS.get(className) ?? null;
}
