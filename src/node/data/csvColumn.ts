import type { CsvColumn } from './csvTable';

/** What people write where a value is missing. */
const MISSING: ReadonlySet<string> = new Set(['', '?', 'na', 'n/a', 'nan', 'null', 'none']);

/** Whether a cell holds a number, in the usual or the scientific notation. */
export function isNumber(cell: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell);
}

/** Collects a column's cells; the first one that is not missing decides what the column holds. */
export class ColumnBuilder {
  private values = new Float64Array(64);
  private count = 0;
  /** The number of each word; null while the column is not known to hold words. */
  private numbers: Map<string, number> | null = null;
  private decided = false;
  private firstBad: CsvColumn['firstBad'] = null;

  constructor(private readonly name: string) {}

  add(cell: string): void {
    if (!this.decided && !MISSING.has(cell.toLowerCase())) {
      this.decided = true;
      if (!isNumber(cell)) this.startWords();
    }
    if (this.numbers === null) this.push(this.parseNumber(cell));
    else this.push(this.parseWord(cell, this.numbers));
  }

  /** Words are numbered anew in sorted order, so that the file's order of rows does not matter. */
  finish(): CsvColumn {
    const values = this.values.slice(0, this.count);
    const { name, firstBad } = this;
    if (this.numbers === null) return { name, values, words: null, firstBad };
    const found = [...this.numbers.keys()];
    const words = found.toSorted();
    const rank = new Map(words.map((word, i) => [word, i]));
    const renumbered = found.map((word) => rank.get(word) ?? 0);
    // A missing word has no number, and no class.
    const ranked = values.map((number) => (Number.isNaN(number) ? NaN : (renumbered[number] ?? 0)));
    return { name, values: ranked, words, firstBad };
  }

  private startWords(): void {
    // What came before was missing, and is NaN already.
    this.numbers = new Map();
  }

  private parseNumber(cell: string): number {
    if (isNumber(cell)) return Number(cell);
    this.firstBad ??= { row: this.count, text: cell };
    return NaN;
  }

  private parseWord(cell: string, numbers: Map<string, number>): number {
    if (!MISSING.has(cell.toLowerCase())) return numberOf(cell, numbers);
    this.firstBad ??= { row: this.count, text: cell };
    return NaN;
  }

  private push(value: number): void {
    if (this.count === this.values.length) {
      const grown = new Float64Array(this.count * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count++] = value;
  }
}

function numberOf(word: string, numbers: Map<string, number>): number {
  const known = numbers.get(word);
  if (known !== undefined) return known;
  numbers.set(word, numbers.size);
  return numbers.size - 1;
}
