import { UsageError } from '../../core/errors';
import { MAX_WORDS } from './limits';

/** A column of words, each by its number in the sorted list of those that occur. */
export interface WordColumn {
  /** One number a row; NaN where the word is missing. */
  readonly values: Float64Array;
  /** Sorted by code unit. */
  readonly words: readonly string[];
  /** The first row without a word. */
  readonly firstBad: { readonly row: number; readonly text: string } | null;
}

/** Collects the words of a column row by row. */
export class WordBuilder {
  private values = new Float64Array(64);
  private count = 0;
  private readonly numbers = new Map<string, number>();
  private firstBad: WordColumn['firstBad'] = null;

  constructor(private readonly name: string) {}

  /** @throws UsageError when there are more different words than classes can be. */
  add(word: string): void {
    let number = this.numbers.get(word);
    if (number === undefined) {
      number = this.numbers.size;
      if (number === MAX_WORDS) {
        throw new UsageError(
          `labels ${this.name}: more than ${MAX_WORDS} different words; allowed: the names of classes`,
        );
      }
      this.numbers.set(word, number);
    }
    this.push(number);
  }

  addMissing(text: string): void {
    this.firstBad ??= { row: this.count, text };
    this.push(NaN);
  }

  /** Words are numbered anew in sorted order, so that the file's order of rows does not matter. */
  finish(): WordColumn {
    const found = [...this.numbers.keys()];
    const words = found.toSorted();
    const rank = new Map(words.map((word, i) => [word, i]));
    const renumbered = found.map((word) => rank.get(word) ?? 0);
    const values = this.values.slice(0, this.count).map((number) => renumbered[number] ?? NaN);
    return { values, words, firstBad: this.firstBad };
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
