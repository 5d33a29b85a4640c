import type { TensorStatisticsView, TensorView } from '../../protocol/views';

/** Fewer values than this are often equal by chance or by design. */
const LEAST_ELEMENTS = 8;

/**
 * Tensors that may hold the same bytes, because shape, type and every statistic agree; the worker
 * compares the bytes. Constant tensors are told as such, and optimizer state is of no interest.
 */
export function equalCandidates(
  tensors: readonly TensorView[],
  statistics: ReadonlyMap<string, TensorStatisticsView>,
): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const tensor of tensors) {
    const view = statistics.get(tensor.name);
    if (view === undefined || !isTelling(tensor, view)) continue;
    const { min, max, mean, zeros, nonFinite, l1, l2 } = view.statistics;
    const { shape, dtype } = tensor;
    const key = JSON.stringify([dtype, shape, min, max, mean, zeros, nonFinite, l1, l2]);
    groups.set(key, [...(groups.get(key) ?? []), tensor.name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}

function isTelling(
  tensor: TensorView,
  { statistics: { min, max } }: TensorStatisticsView,
): boolean {
  return tensor.role === 'parameter' && tensor.elementCount >= LEAST_ELEMENTS && min !== max;
}
