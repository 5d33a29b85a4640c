import { addDistancesInPlace } from '../kernels/distanceKernel';

/** Products of coordinates between two looks at the cancel signal: some ten milliseconds. */
const STEP_TERMS = 2 ** 23;

/**
 * FPGM, filter pruning by the geometric median: sum over j of ||F_i - F_j||_2, the distance of a unit's raw weights
 * from all others' of its layer; the smallest can best be stood in for by the rest. By the weights alone.
 * Distances are added from differences in float64, not from products: those lose all digits where filters
 * are nearly equal, which is what is looked for. Cost: n^2 d / 2 for n units of d weights.
 * Source: He et al., Filter pruning via geometric median for deep convolutional neural networks acceleration, 2019.
 * @param filters n rows of d weights
 * @param onStep awaited every few milliseconds, with the share that is done
 */
export async function fpgmScores(
  filters: Float64Array,
  unitCount: number,
  onStep: (share: number) => void | Promise<void>,
): Promise<Float64Array> {
  const scores = new Float64Array(unitCount);
  const size = unitCount === 0 ? 0 : filters.length / unitCount;
  let terms = 0;
  for (let unit = 0; unit < unitCount; unit++) {
    addDistancesInPlace(scores, filters, { unit, size });
    terms += (unitCount - unit) * size;
    if (terms < STEP_TERMS && unit + 1 < unitCount) continue;
    terms = 0;
    await onStep((unit + 1) / unitCount);
  }
  return scores;
}
