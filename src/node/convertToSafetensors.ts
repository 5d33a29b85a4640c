import path from 'node:path';
import { UsageError } from '../core/errors';
import { planSafetensors } from '../core/formats/safetensors/planSafetensors';
import { writeSafetensors } from '../core/formats/safetensors/writeSafetensors';
import { memorySource } from '../core/formats/memorySource';
import { verifyChecksums } from '../core/model/verifyChecksums';
import { type JobControl, throwIfCancelled } from '../core/progress';
import { createConvertedOutput } from './modelOutput';
import { type OpenedModelFile, openModelFile } from './openModel';

export interface ConvertOptions {
  /** Whether a file that is there may be replaced; the input never is. */
  readonly replace: boolean;
  /** Write optimizer state too, which is left out otherwise. */
  readonly includeOptimizer: boolean;
}

/** What was written, and what was not. */
export interface Conversion {
  /** Absolute path. */
  readonly output: string;
  readonly tensorCount: number;
  readonly byteLength: number;
  readonly warnings: readonly string[];
}

/**
 * Saves the tensors of any model as one safetensors file, in constant space. The file appears when it is
 * whole.
 * @param input the model's file or folder
 * @throws UsageError, FormatError, UnsupportedError, IoError, CancelledError; nothing is kept then.
 */
export async function convertToSafetensors(
  input: string,
  output: string,
  options: ConvertOptions,
  control: JobControl,
): Promise<Conversion> {
  const target = path.resolve(output);
  if (!target.toLowerCase().endsWith('.safetensors')) {
    throw new UsageError(`the output ${target} would be safetensors; name it *.safetensors`);
  }
  const opened = await openModelFile(input);
  try {
    return await convert(opened, target, options, control);
  } finally {
    await opened.close();
  }
}

async function convert(
  opened: OpenedModelFile,
  target: string,
  options: ConvertOptions,
  control: JobControl,
): Promise<Conversion> {
  const { model } = opened;
  const plan = planSafetensors(model, options);
  const { byteLength, warnings } = plan;
  const { replace } = options;
  const request = { output: target, replace, neededBytes: byteLength };
  const output = await createConvertedOutput(opened, request);
  try {
    await verifyChecksums(model, control);
    // The name alone counts: it is the one file of the output.
    const sink = await output.openFile(
      memorySource(path.basename(target), new Uint8Array(0)),
      'ascending',
    );
    await writeSafetensors(model, plan, sink, control);
    await output.finish();
    await assertReadable(output.temporaryPath, plan.tensors.length);
    throwIfCancelled(control.signal);
    return {
      output: await output.commit(),
      tensorCount: plan.tensors.length,
      byteLength,
      warnings,
    };
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Opening the written file through the reader catches a writer's error before it is kept. */
async function assertReadable(file: string, tensorCount: number): Promise<void> {
  const written = await openModelFile(file);
  await written.close();
  if (written.model.tensors.length === tensorCount) return;
  throw new Error(`${written.model.tensors.length} tensors were written instead of ${tensorCount}`);
}
