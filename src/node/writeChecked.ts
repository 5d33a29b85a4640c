import type { Model } from '../core/model/model';
import { differingTensor } from '../core/pack/compareModels';
import { type JobControl, throwIfCancelled } from '../core/progress';
import type { ModelOutput } from '../core/recipe/pipeline';
import { type OpenedModelFile, openModelFile } from './openModel';

/**
 * Writes an output that holds the same tensors as a model, and moves it into place once it was opened again
 * and compared, tensor by tensor and bit by bit.
 * @returns the path of what was written
 * @throws what `write` throws; Error where a tensor differs; IoError, CancelledError. Nothing is kept then.
 */
export async function writeChecked(
  { model }: OpenedModelFile,
  output: ModelOutput,
  control: JobControl,
  write: () => Promise<void>,
): Promise<string> {
  try {
    await write();
    await output.finish();
    await assertSame(model, output.temporaryPath, control);
    throwIfCancelled(control.signal);
    return await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Reading the written file through the reader catches a writer's error before it is kept. */
async function assertSame(model: Model, file: string, control: JobControl): Promise<void> {
  const differing = await withModel(file, (written) =>
    differingTensor(model, written.model, control),
  );
  if (differing === null) return;
  throw new Error(`what was written does not hold the same tensors: ${differing} differs`);
}

/** Opens a model for a piece of work. @throws as openModelFile does, and what the work throws. */
export async function withModel<T>(
  input: string,
  work: (opened: OpenedModelFile) => Promise<T>,
): Promise<T> {
  const opened = await openModelFile(input);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
