import type { Layer } from '../../model/model';

/** Two layers of one node (both kernels of an LSTM, say), or of nodes that share a name, go by their weights' names. */
export function uniquelyNamed(layers: readonly Layer[]): readonly Layer[] {
  const names = new NameCounter();
  return layers.map((layer) => {
    const [parameter = layer.name] = layer.parameters;
    const wanted = names.isTaken(layer.name) ? parameter : layer.name;
    return { ...layer, name: names.take(wanted, (count) => `${parameter} (${count})`) };
  });
}

/** Gives names out once each. Numbers go on from the last one, so many equal names cost no more than few. */
export class NameCounter {
  private readonly taken = new Set<string>();
  private readonly counts = new Map<string, number>();

  isTaken(name: string): boolean {
    return this.taken.has(name);
  }

  /** The name itself, or its first free variant from 2 on. */
  take(name: string, variant: (count: number) => string): string {
    let free = name;
    const first = variant(2);
    let count = this.counts.get(first) ?? 2;
    while (this.taken.has(free)) free = variant(count++);
    if (free !== name) this.counts.set(first, count);
    this.taken.add(free);
    return free;
  }
}
