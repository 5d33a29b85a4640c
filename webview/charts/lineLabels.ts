/** The name of a line that wants to stand beside the line's end. */
export interface LineLabel {
  readonly y: number;
}

/**
 * Moves labels apart until none is nearer than `spacing` to the next: each as near to where it belongs as the
 * others let it, in the order of their places, within `top` and `bottom` while there is room.
 * @returns the y of each, in the order given.
 */
export function spreadLabels(
  labels: readonly LineLabel[],
  {
    spacing,
    top,
    bottom,
  }: { readonly spacing: number; readonly top: number; readonly bottom: number },
): readonly number[] {
  const order = labels.map((_, index) => index);
  order.sort((one, other) => (labels[one]?.y ?? 0) - (labels[other]?.y ?? 0) || one - other);
  const placed: number[] = [];
  for (const index of order) {
    const wanted = Math.max(top, labels[index]?.y ?? 0);
    placed.push(Math.max(wanted, (placed.at(-1) ?? -Infinity) + spacing));
  }
  // What was pushed out below goes back up, and pushes the ones above it.
  let limit = Math.max(bottom, top + (labels.length - 1) * spacing);
  for (let rank = placed.length - 1; rank >= 0; rank--) {
    placed[rank] = Math.min(placed[rank] ?? 0, limit);
    limit = (placed[rank] ?? 0) - spacing;
  }
  const result = new Array<number>(labels.length).fill(0);
  order.forEach((index, rank) => (result[index] = placed[rank] ?? 0));
  return result;
}
