/** Axis i of an array as it is held is axis `order[i]` of the array as the file has it. */
export type AxisOrder = readonly number[];

/** Whether two orders of axes are the same; null is the file's. */
export function sameOrder(a: AxisOrder | null, b: AxisOrder | null): boolean {
  if (a === null || b === null) return (a ?? b ?? []).every((axis, i) => axis === i);
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

/** The order that undoes another one. */
export function inverseOrder(order: AxisOrder): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

/** Channels last, where the file has them after the batch. */
export function channelsLastOrder(rank: number): AxisOrder {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}
