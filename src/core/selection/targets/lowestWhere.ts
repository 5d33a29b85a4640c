/**
 * The lowest whole number from 0 at which a condition holds that, once it does, goes on holding; `most` where it
 * does not hold below that. Bisection.
 */
export function lowestWhere(most: number, holds: (n: number) => boolean): number {
  let [from, to] = [0, most];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return to;
}
