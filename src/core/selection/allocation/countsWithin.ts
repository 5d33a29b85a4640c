import { elementsOf, type PrunedTensor } from '../prunableTensors';

/** How many weights each of some tensors loses, `total` together; in their order. */
export type ShareOut = (
  tensors: readonly PrunedTensor[],
  total: number,
) => readonly number[] | Promise<readonly number[]>;

/**
 * Shares out a total such that no tensor loses more than its limit: those that would are held there, and the
 * others share the rest anew, until none is above (water-filling). Exact unless all are held.
 * Cost: shares out at most once a tensor.
 * @returns in the order of the tensors
 */
export async function countsWithin(
  tensors: readonly PrunedTensor[],
  total: number,
  shareOut: ShareOut,
  limitOf: (one: PrunedTensor) => number,
): Promise<readonly number[]> {
  const counts = new Map<PrunedTensor, number>();
  let open = tensors;
  let left = total;
  for (;;) {
    const found = await shareOut(open, Math.max(0, Math.min(left, elementsOf(open))));
    const over = open.filter((one, i) => (found[i] ?? 0) > limitOf(one));
    if (over.length === 0) {
      for (const [i, one] of open.entries()) counts.set(one, found[i] ?? 0);
      return tensors.map((one) => counts.get(one) ?? 0);
    }
    for (const one of over) {
      counts.set(one, limitOf(one));
      left -= limitOf(one);
    }
    open = open.filter((one) => !over.includes(one));
  }
}
