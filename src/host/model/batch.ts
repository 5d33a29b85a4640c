/** Gathers what comes one by one and hands it on in lists, at most one in `intervalMs`. */
export class Batch<T> {
  readonly #intervalMs: number;
  readonly #deliver: (items: readonly T[]) => void;
  #items: T[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number, deliver: (items: readonly T[]) => void) {
    this.#intervalMs = intervalMs;
    this.#deliver = deliver;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#timer ??= setTimeout(() => this.flush(), this.#intervalMs);
  }

  /** Hands on what there is now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) this.#deliver(items);
  }
}
