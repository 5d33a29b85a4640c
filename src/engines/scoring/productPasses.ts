/** What collecting for one item takes; items with the same key share it. */
export interface SharedCost {
  readonly key: string;
  readonly bytes: number;
}

/** Items in their order, as many at a time as the budget allows, at least one; what is shared counts once. */
export function productPasses<T>(
  items: readonly T[],
  costOf: (item: T) => SharedCost,
  budget: number,
): readonly (readonly T[])[] {
  const passes: T[][] = [];
  let held = 0;
  let keys = new Set<string>();
  for (const item of items) {
    const { key, bytes } = costOf(item);
    const pass = passes.at(-1);
    const added = keys.has(key) ? 0 : bytes;
    if (pass !== undefined && (added === 0 || held + added <= budget)) {
      pass.push(item);
      held += added;
    } else {
      passes.push([item]);
      held = bytes;
      keys = new Set();
    }
    keys.add(key);
  }
  return passes;
}
