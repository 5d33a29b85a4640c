import type { TensorEntry } from '../core/model/model';

/**
 * The order in which the tensors of a model are measured: those in sight first, then the file's
 * order; each once. What is in sight may change while the pass goes on.
 */
export class MeasureQueue implements Iterable<TensorEntry> {
  readonly #tensors: readonly TensorEntry[];
  readonly #byName: ReadonlyMap<string, TensorEntry>;
  readonly #taken = new Set<TensorEntry>();
  #preferred: readonly string[] = [];
  #next = 0;

  constructor(tensors: readonly TensorEntry[]) {
    this.#tensors = tensors;
    this.#byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** Takes these next, in this order; what was preferred before loses its place. */
  prefer(names: readonly string[]): void {
    this.#preferred = names;
  }

  *[Symbol.iterator](): Generator<TensorEntry, void, undefined> {
    for (let next = this.#take(); next !== undefined; next = this.#take()) yield next;
  }

  #take(): TensorEntry | undefined {
    const tensor = this.#takePreferred() ?? this.#takeInFileOrder();
    if (tensor !== undefined) this.#taken.add(tensor);
    return tensor;
  }

  #takePreferred(): TensorEntry | undefined {
    const index = this.#preferred.findIndex((name) => this.#isWaiting(this.#byName.get(name)));
    const name = this.#preferred[index];
    this.#preferred = index < 0 ? [] : this.#preferred.slice(index + 1);
    return name === undefined ? undefined : this.#byName.get(name);
  }

  #takeInFileOrder(): TensorEntry | undefined {
    while (this.#next < this.#tensors.length) {
      const tensor = this.#tensors[this.#next++];
      if (this.#isWaiting(tensor)) return tensor;
    }
    return undefined;
  }

  #isWaiting(tensor: TensorEntry | undefined): boolean {
    return tensor !== undefined && !this.#taken.has(tensor);
  }
}
