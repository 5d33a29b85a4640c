import type { JobControl } from '../progress';

/** The progress of many evaluations, some of which run at the same time, as one. */
export class CellProgress {
  readonly #control: JobControl;
  readonly #total: number;
  /** Parts of cells that run, by whoever runs them. */
  readonly #running = new Map<object, number>();
  #done = 0;

  constructor(control: JobControl, cellCount: number) {
    this.#control = control;
    this.#total = cellCount;
  }

  /**
   * A control for a job whose end stands for so many cells.
   * @param item what is in hand, in words
   */
  part(cells: number, item: string): { readonly control: JobControl; end(): void } {
    const job = {};
    const { signal } = this.#control;
    return {
      control: {
        signal,
        report: ({ phase, done, total }) => {
          // Planning comes before and between: it says that something goes on, and no more.
          const share = phase === 'evaluate' && total > 0 ? Math.min(1, done / total) : 0;
          const before = this.#running.get(job) ?? 0;
          this.#running.set(job, Math.max(before, cells * share));
          this.#tell(item);
        },
      },
      end: () => {
        this.#running.delete(job);
        this.#done += cells;
        this.#tell(item);
      },
    };
  }

  #tell(item: string): void {
    const running = [...this.#running.values()].reduce((sum, cells) => sum + cells, 0);
    const done = Math.min(this.#total, this.#done + running);
    this.#control.report({ phase: 'evaluate', done, total: this.#total, item });
  }
}
