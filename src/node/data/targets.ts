import type { Targets } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import { MAX_LABELS } from './limits';
import type { RowList } from './rowList';
import { elementsPerRow, type RowSource, visitSelected } from './rowSource';

/**
 * What an array of labels says: one number a sample, also where each row is one-hot, or several.
 * @param classNames of numbered classes, where the recipe gives them
 * @throws UsageError when there are more labels than fit in memory.
 */
export async function targetsOfArray(
  labels: RowSource,
  chosen: RowList,
  classNames: readonly string[] | null,
): Promise<Targets> {
  const elements = elementsPerRow(labels);
  const count = chosen.count * elements;
  const { name } = labels;
  if (elements === 1) {
    assertFits(name, count);
    return { kind: 'column', name, values: await readColumn(labels, chosen), classNames };
  }
  const classes = labels.sampleShape.length === 1 ? await readOneHot(labels, chosen) : null;
  if (classes !== null) return { kind: 'column', name, values: classes, classNames };
  return { kind: 'array', name, elementsPerSample: elements };
}

function assertFits(name: string, count: number): void {
  if (count <= MAX_LABELS) return;
  throw new UsageError(
    `labels ${name}: ${count} rows; at most ${MAX_LABELS} are evaluated at once`,
  );
}

async function readColumn(labels: RowSource, chosen: RowList): Promise<Float64Array> {
  const values = new Float64Array(chosen.count);
  await visitSelected(labels, chosen, (rows, firstSample) => {
    values.set(rows, firstSample);
    return true;
  });
  return values;
}

/** The classes of rows with a single 1 among zeros; null as soon as a row is another. */
async function readOneHot(labels: RowSource, chosen: RowList): Promise<Float64Array | null> {
  const elements = elementsPerRow(labels);
  const classes = new Float64Array(chosen.count);
  await visitSelected(labels, chosen, (rows, firstSample) => {
    for (let start = 0; start < rows.length; start += elements) {
      const found = indexOfOne(rows.subarray(start, start + elements));
      classes[firstSample + start / elements] = found;
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
