import type { RowRange } from './rowRange';

/** Rows of the data in the order in which samples come: a range, or chosen one by one. */
export class RowList {
  private constructor(
    readonly count: number,
    private readonly first: number,
    private readonly chosen: Uint32Array | null,
  ) {}

  static range({ from, to }: RowRange): RowList {
    return new RowList(to - from, from, null);
  }

  static of(rows: Uint32Array): RowList {
    return new RowList(rows.length, 0, rows);
  }

  /** The row that a sample is. */
  at(sample: number): number {
    return this.chosen === null ? this.first + sample : (this.chosen[sample] ?? 0);
  }

  /** The rows of samples `from` up to, not with, `to`. */
  slice(from: number, to: number): RowList {
    return this.chosen === null
      ? new RowList(to - from, this.first + from, null)
      : RowList.of(this.chosen.subarray(from, to));
  }

  /** Whether a file read forwards once gives them all. */
  get isAscending(): boolean {
    return this.chosen?.every((row, i) => i === 0 || (this.chosen?.[i - 1] ?? 0) < row) ?? true;
  }

  /** Rows that lie one behind the other, in order. */
  *runs(): Generator<RowRange> {
    for (let sample = 0; sample < this.count;) {
      const from = this.at(sample);
      let to = from + 1;
      for (sample++; sample < this.count && this.at(sample) === to; sample++) to++;
      yield { from, to };
    }
  }
}
