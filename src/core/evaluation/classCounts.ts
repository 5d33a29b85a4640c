import { MAX_CONFUSION_CLASSES } from './limits';

/** By class: samples that are right, that are expected, that are predicted. */
export interface ClassCounts {
  readonly right: Float64Array;
  readonly expectedCounts: Float64Array;
  readonly predictedCounts: Float64Array;
}

/** Counts predicted against expected classes; a prediction of -1 is none. */
export function countClasses(
  expected: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): ClassCounts {
  const right = new Float64Array(classCount);
  const expectedCounts = new Float64Array(classCount);
  const predictedCounts = new Float64Array(classCount);
  for (let i = 0; i < expected.length; i++) {
    const from = expected[i] ?? -1;
    const to = predicted[i] ?? -1;
    expectedCounts[from] = (expectedCounts[from] ?? 0) + 1;
    if (to >= 0) predictedCounts[to] = (predictedCounts[to] ?? 0) + 1;
    if (from === to) right[from] = (right[from] ?? 0) + 1;
  }
  return { right, expectedCounts, predictedCounts };
}

/**
 * The mean of F1 = 2 right / (expected + predicted) over the classes that are expected or predicted at
 * all, as scikit-learn's `f1_score(average='macro')` takes it.
 */
export function macroF1OfCounts({ right, expectedCounts, predictedCounts }: ClassCounts): number {
  let sum = 0;
  let classes = 0;
  for (let i = 0; i < right.length; i++) {
    const both = (expectedCounts[i] ?? 0) + (predictedCounts[i] ?? 0);
    if (both === 0) continue;
    classes += 1;
    sum += (2 * (right[i] ?? 0)) / both;
  }
  return sum / classes;
}

/** F1 of the counts of all classes together: the accuracy, where every sample has a prediction. */
export function microF1OfCounts({ right, expectedCounts, predictedCounts }: ClassCounts): number {
  const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);
  return (2 * total(right)) / (total(expectedCounts) + total(predictedCounts));
}

/** Samples by expected (row) and predicted class (column); null beyond MAX_CONFUSION_CLASSES. */
export function confusionMatrix(
  expected: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): number[][] | null {
  if (classCount > MAX_CONFUSION_CLASSES) return null;
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let i = 0; i < expected.length; i++) {
    const row = matrix[expected[i] ?? -1];
    const column = predicted[i] ?? -1;
    if (row !== undefined && column >= 0) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}
