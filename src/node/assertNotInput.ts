import path from 'node:path';
import { UsageError } from '../core/errors';
import { realPathOrNull } from './pathExists';

/** @throws UsageError when `output` is one of the files that are read, whatever they are called. */
export async function assertNotInput(output: string, inputs: readonly string[]): Promise<void> {
  const existing = await realPathOrNull(output);
  if (existing === null) return;
  for (const input of inputs) {
    if ((await realPathOrNull(input)) === existing) {
      throw new UsageError(
        `the output ${output} is ${path.basename(input)}, which is being read; name another file`,
      );
    }
  }
}
