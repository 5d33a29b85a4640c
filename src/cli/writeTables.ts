import path from 'node:path';
import { UsageError } from '../core/errors';
import { assertNotInput } from '../node/assertNotInput';
import { writeFileAtomically } from '../node/writeFileAtomically';

/** What is to be written, as files; undefined where it is not asked for. */
export interface TableFiles {
  readonly json: string | undefined;
  readonly csv: string | undefined;
}

/** A result with its forms as files. */
interface Tables<T> {
  readonly result: T;
  readonly json: string;
  readonly csv: string;
}

/**
 * Measures, and writes the result where it is asked for. That no input would be replaced is known before.
 * @param inputs files that are read
 * @throws UsageError; IoError.
 */
export async function writeTables<T>(
  { json, csv }: TableFiles,
  inputs: readonly string[],
  measure: () => Promise<Tables<T>>,
): Promise<T> {
  const outputs = [json, csv].flatMap((one) => (one === undefined ? [] : [path.resolve(one)]));
  for (const output of outputs) await assertNotInput(output, inputs);
  if (new Set(outputs).size < outputs.length) {
    throw new UsageError(`--out and --csv: found ${outputs.join(' and ')}; allowed: two files`);
  }
  const tables = await measure();
  const encoder = new TextEncoder();
  if (json !== undefined) {
    await writeFileAtomically(path.resolve(json), encoder.encode(tables.json));
  }
  if (csv !== undefined) await writeFileAtomically(path.resolve(csv), encoder.encode(tables.csv));
  return tables.result;
}
