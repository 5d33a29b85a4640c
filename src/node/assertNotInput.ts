import path from 'node:path';
import { UsageError } from '../core/errors';
import { assertPlainFile } from './assertPlainFile';
import { realPathOrNull } from './pathExists';
import { realOutputOrNull } from './realOutput';

/** @throws UsageError when `output` is one of the files that are read, whatever they are called, or no plain file. */
export async function assertNotInput(output: string, inputs: readonly string[]): Promise<void> {
  await assertPlainFile(output);
  await assertNotRead(output, inputs);
}

/** The same for an output that may be a folder. @throws UsageError when `output` is one of the files that are read. */
export async function assertNotRead(output: string, inputs: readonly string[]): Promise<void> {
  const existing = await realOutputOrNull(output);
  if (existing === null) return;
  for (const input of inputs) {
    if ((await realPathOrNull(input)) === existing) {
      throw new UsageError(
        `the output ${output} is ${path.basename(input)}, which is being read; name another file`,
      );
    }
  }
}
