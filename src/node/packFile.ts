import path from 'node:path';
import { UsageError } from '../core/errors';
import { memorySource } from '../core/formats/memorySource';
import { isNameOfFormat } from '../core/formats/registry';
import { type Model, modelByteLength } from '../core/model/model';
import { verifyChecksums } from '../core/model/verifyChecksums';
import { differingTensor } from '../core/pack/compareModels';
import type { TensorPacking, Unpacking } from '../core/pack/packing';
import { planPacking, planUnpacking } from '../core/pack/planPacking';
import { type JobControl, throwIfCancelled } from '../core/progress';
import { createConvertedOutput } from './modelOutput';
import { type OpenedModelFile, openModelFile } from './openModel';

/** What was written. */
export interface Packed {
  /** Absolute path. */
  readonly output: string;
  /** Bytes of all files of the model, before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly tensors: readonly TensorPacking[];
}

/** What was written. */
export interface Unpacked {
  /** Absolute path. */
  readonly output: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** How many tensors got their zeros back. */
  readonly unpackedCount: number;
  /** Whether it is, byte for byte, the file that was packed. */
  readonly isOriginalFile: boolean;
}

/**
 * Writes a model's file without its zeros, in the form that its format has for it, in constant space. The file is
 * opened again and compared tensor by tensor with the original before it is moved into place.
 * @throws UsageError, FormatError, UnsupportedError, IoError, CancelledError; nothing is kept then.
 */
export async function packFile(
  input: string,
  output: string,
  control: JobControl,
): Promise<Packed> {
  return withModel(input, async (opened) => {
    assertName(opened.model, output);
    await verifyChecksums(opened.model, control);
    const packing = await planPacking(opened.model, control);
    const written = await writeOne(opened, { output, planned: packing }, control);
    const bytesBefore = modelByteLength(opened.model);
    return {
      output: written,
      bytesBefore,
      bytesAfter: packing.byteLength,
      tensors: packing.tensors,
    };
  });
}

/** The way back of {@link packFile}, written and compared in the same way. @throws as that one does. */
export async function unpackFile(
  input: string,
  output: string,
  control: JobControl,
): Promise<Unpacked> {
  return withModel(input, async (opened) => {
    assertName(opened.model, output);
    await verifyChecksums(opened.model, control);
    const unpacking = await planUnpacking(opened.model);
    const written = await writeOne(opened, { output, planned: unpacking }, control);
    const { byteLength: bytesAfter, unpackedCount, isOriginalFile } = unpacking;
    const bytesBefore = modelByteLength(opened.model);
    return { output: written, bytesBefore, bytesAfter, unpackedCount, isOriginalFile };
  });
}

async function withModel<T>(
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

function assertName({ format }: Model, output: string): void {
  if (isNameOfFormat(format, path.basename(output))) return;
  throw new UsageError(`the output ${output} would be of the format ${format}; name it so`);
}

interface Writable {
  readonly output: string;
  readonly planned: Pick<Unpacking, 'byteLength' | 'write'>;
}

async function writeOne(
  opened: OpenedModelFile,
  { output, planned }: Writable,
  control: JobControl,
): Promise<string> {
  const target = path.resolve(output);
  // Naming an output is asking for it; only the input itself is never replaced.
  const request = { output: target, replace: true, neededBytes: planned.byteLength };
  const created = await createConvertedOutput(opened, request);
  try {
    const name = memorySource(path.basename(target), new Uint8Array(0));
    await planned.write(await created.openFile(name, 'any'), control);
    await created.finish();
    await assertSame(opened.model, created.temporaryPath, control);
    throwIfCancelled(control.signal);
    return await created.commit();
  } catch (error) {
    await created.discard();
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
