import path from 'node:path';
import { UsageError } from '../core/errors';
import { memorySource } from '../core/formats/memorySource';
import { isNameOfFormat } from '../core/formats/registry';
import { type Model, modelByteLength } from '../core/model/model';
import { verifyChecksums } from '../core/model/verifyChecksums';
import type { Unpacking } from '../core/pack/packing';
import { planPacking, planUnpacking } from '../core/pack/planPacking';
import type { JobControl } from '../core/progress';
import { createConvertedOutput } from './modelOutput';
import type { OpenedModelFile } from './openModel';
import type { Packed, Unpacked } from './packed';
import { isSet, packSet, unpackSet } from './packSet';
import { withModel, writeChecked } from './writeChecked';

/**
 * Writes a model's file without its zeros, in the form that its format has for it, in constant space. The file is
 * opened again and compared tensor by tensor with the original before it is moved into place. Of a set of safetensors
 * files each is written so, beside the same index.
 * @throws UsageError, FormatError, UnsupportedError, IoError, CancelledError; nothing is kept then.
 */
export async function packFile(
  input: string,
  output: string,
  control: JobControl,
): Promise<Packed> {
  return withModel(input, async (opened) => {
    if (isSet(opened.model)) return packSet(opened, output, control);
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
    if (isSet(opened.model)) return unpackSet(opened, output, control);
    assertName(opened.model, output);
    await verifyChecksums(opened.model, control);
    const unpacking = await planUnpacking(opened.model);
    const written = await writeOne(opened, { output, planned: unpacking }, control);
    const { byteLength: bytesAfter, unpackedCount, isOriginalFile } = unpacking;
    const bytesBefore = modelByteLength(opened.model);
    return { output: written, bytesBefore, bytesAfter, unpackedCount, isOriginalFile };
  });
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
  return writeChecked(opened, created, control, async () => {
    const name = memorySource(path.basename(target), new Uint8Array(0));
    await planned.write(await created.openFile(name, 'any'), control);
  });
}
