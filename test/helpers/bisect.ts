/** The place where a condition that holds below and fails above changes, to the last digit. */
export function bisect(isBelow: (x: number) => boolean, low: number, high: number): number {
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
