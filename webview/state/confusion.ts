import type { OutputFigures } from '../../src/core/evaluation/evaluation';

/** Beyond this many classes the cells are too small to read; those with the most mistakes are kept. */
export const MAX_SHOWN_CLASSES = 20;

/** Samples by expected class (row) and predicted class (column). */
export interface ConfusionTable {
  /** Of the rows, and in the same order of the columns. */
  readonly names: readonly string[];
  readonly rows: readonly (readonly ConfusionCell[])[];
  /** All classes of the model; more than `names` where only those with the most mistakes are shown. */
  readonly classCount: number;
}

/** Samples of one class that were taken for one class. */
export interface ConfusionCell {
  readonly count: number;
  /** As many on the other side of the prune; null where that is not known. */
  readonly otherCount: number | null;
  /** Of the samples of the row's class, 0 to 1: how strongly the cell is drawn. */
  readonly share: number;
  readonly isRight: boolean;
}

/** The matrix of one model beside that of the other; null where the first has none. */
export function confusionTable(
  figures: OutputFigures,
  other: OutputFigures | null,
): ConfusionTable | null {
  const matrix = figures.confusion;
  if (matrix === undefined || matrix.length === 0) return null;
  const shown = shownClasses(matrix, other?.confusion);
  return {
    names: shown.map((index) => figures.perClass?.[index]?.name ?? String(index)),
    rows: shown.map((row) => {
      const samples = figures.perClass?.[row]?.samples ?? sum(matrix[row] ?? []);
      return shown.map((column) => {
        const count = matrix[row]?.[column] ?? 0;
        return {
          count,
          otherCount: other?.confusion?.[row]?.[column] ?? null,
          share: samples === 0 ? 0 : count / samples,
          isRight: row === column,
        };
      });
    }),
    classCount: matrix.length,
  };
}

type Matrix = NonNullable<OutputFigures['confusion']>;

/** In the order of the classes; chosen by the mistakes of both models, so that both show the same ones. */
function shownClasses(matrix: Matrix, other: Matrix | undefined): readonly number[] {
  const all = matrix.map((_, index) => index);
  if (all.length <= MAX_SHOWN_CLASSES) return all;
  const mistakes = all.map(
    (index) => mistakesOf(matrix, index) + (other === undefined ? 0 : mistakesOf(other, index)),
  );
  return all
    .sort((a, b) => (mistakes[b] ?? 0) - (mistakes[a] ?? 0) || a - b)
    .slice(0, MAX_SHOWN_CLASSES)
    .sort((a, b) => a - b);
}

/** Samples of the class that were taken for another one. */
function mistakesOf(matrix: Matrix, index: number): number {
  const row = matrix[index] ?? [];
  return sum(row) - (row[index] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
