import { readFile } from 'node:fs/promises';
import { fixturePath } from './fixtures';

/** A flower: its four measures, and which of the three kinds it is, in the order of their names. */
export interface IrisRow {
  readonly x: readonly number[];
  readonly label: number;
}

/** The first rows of datasets/iris.csv. */
export async function irisBatch(count: number): Promise<readonly IrisRow[]> {
  const text = await readFile(fixturePath('datasets/iris.csv'), 'utf8');
  const [, ...lines] = text.trim().split('\n');
  const rows = lines.map((line) => line.trim().split(','));
  const kinds = [...new Set(rows.map((row) => row.at(-1)!))].toSorted();
  return rows.slice(0, count).map((row) => ({
    x: row.slice(0, -1).map(Number),
    label: kinds.indexOf(row.at(-1)!),
  }));
}
