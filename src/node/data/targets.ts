import type { Targets } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import { MAX_LABELS } from './limits';
import type { RowRange } from './rowRange';
import { elementsPerRow, type RowSource, visitRows } from './rowSource';

/**
 * What an array of labels says: one number a sample, also where each row is one-hot, or several.
 * @param classNames of numbered classes, where the recipe gives them
 * @throws UsageError when there are more labels than fit in memory.
 */
export async function targetsOfArray(
  labels: RowSource,
  range: RowRange,
  classNames: readonly string[] | null,
): Promise<Targets> {
  const elements = elementsPerRow(labels);
  const count = (range.to - range.from) * elements;
  const { name } = labels;
  if (elements === 1) {
    assertFits(name, count);
    return { kind: 'column', name, values: await readColumn(labels, range), classNames };
  }
  const classes = labels.sampleShape.length === 1 ? await readOneHot(labels, range) : null;
  if (classes !== null) return { kind: 'column', name, values: classes, classNames };
  return { kind: 'array', name, elementsPerSample: elements };
}

function assertFits(name: string, count: number): void {
  if (count <= MAX_LABELS) return;
  throw new UsageError(
    `labels ${name}: ${count} rows; at most ${MAX_LABELS} are evaluated at once`,
  );
}

async function readColumn(labels: RowSource, range: RowRange): Promise<Float64Array> {
  const values = new Float64Array(range.to - range.from);
  await visitRows(labels, range, (rows, firstRow) => {
    values.set(rows, firstRow - range.from);
    return true;
  });
  return values;
}

/** The classes of rows with a single 1 among zeros; null as soon as a row is another. */
async function readOneHot(labels: RowSource, range: RowRange): Promise<Float64Array | null> {
  const elements = elementsPerRow(labels);
  const classes = new Float64Array(range.to - range.from);
  await visitRows(labels, range, (rows, firstRow) => {
    for (let start = 0; start < rows.length; start += elements) {
      const found = indexOfOne(rows.subarray(start, start + elements));
      classes[firstRow - range.from + start / elements] = found;
      if (found === -1) return false;
    }
    return true;
  });
  return classes.includes(-1) ? null : classes;
}

function indexOfOne(row: Float32Array | Float64Array): number {
  const index = row.indexOf(1);
  return row.every((value, i) => value === Number(i === index)) ? index : -1;
}
