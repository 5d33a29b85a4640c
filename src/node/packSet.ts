import path from 'node:path';
import { UnsupportedError } from '../core/errors';
import { readSafetensors } from '../core/formats/safetensors/readSafetensors';
import type { ByteSource } from '../core/io';
import { type Model, modelByteLength } from '../core/model/model';
import { copySource } from '../core/pack/copySource';
import type { TensorPacking, Unpacking } from '../core/pack/packing';
import { planPacking, planUnpacking } from '../core/pack/planPacking';
import type { JobControl } from '../core/progress';
import { createModelOutput } from './modelOutput';
import type { OpenedModelFile } from './openModel';
import type { Packed, Unpacked } from './packed';
import { writeChecked } from './writeChecked';

/** Whether a model is a set of files that are packed one by one. */
export function isSet({ format }: Model): boolean {
  return format === 'safetensors-index';
}

/**
 * Writes each file of a set without its zeros, beside the same index: names stay, so it opens as the same model.
 * @param output a folder, or the place of the index
 * @throws UnsupportedError where a file is packed already; UsageError, FormatError, IoError, CancelledError.
 */
export async function packSet(
  opened: OpenedModelFile,
  output: string,
  control: JobControl,
): Promise<Packed> {
  if (opened.model.packed === true) {
    throw new UnsupportedError({
      feature: 'packing',
      found: 'a set of files of which some are packed already',
      supported: 'files with their zeros',
    });
  }
  const tensors: TensorPacking[] = [];
  const plan = async (shard: Model): Promise<Planned> => {
    const packing = await planPacking(shard, control);
    tensors.push(...packing.tensors);
    return packing;
  };
  return { ...(await writeSet(opened, { output, plan }, control)), tensors };
}

/** The way back of {@link packSet}; files that are not packed are copied. @throws as that one does. */
export async function unpackSet(
  opened: OpenedModelFile,
  output: string,
  control: JobControl,
): Promise<Unpacked> {
  if (opened.model.packed !== true) await planUnpacking(opened.model);
  let unpackedCount = 0;
  const plan = async (shard: Model): Promise<Planned | null> => {
    if (shard.packed !== true) return null;
    const unpacking = await planUnpacking(shard);
    unpackedCount += unpacking.unpackedCount;
    return unpacking;
  };
  const written = await writeSet(opened, { output, plan }, control);
  return { ...written, unpackedCount, isOriginalFile: true };
}

type Planned = Pick<Unpacking, 'byteLength' | 'write'>;

interface SetWriting {
  readonly output: string;
  /** Null for a file that is copied. */
  readonly plan: (shard: Model) => Promise<Planned | null>;
}

async function writeSet(
  opened: OpenedModelFile,
  { output, plan }: SetWriting,
  control: JobControl,
): Promise<Pick<Packed, 'output' | 'bytesBefore' | 'bytesAfter'>> {
  const request = { output: path.resolve(output), replace: true };
  const created = await createModelOutput(opened, request);
  const bytesBefore = modelByteLength(opened.model);
  let bytesAfter = 0;
  const written = await writeChecked(opened, created, control, async () => {
    for (const source of opened.sources) {
      const planned = await planFile(opened, source, plan);
      await planned.write(await created.openFile(source, 'any'), control);
      bytesAfter += planned.byteLength;
    }
  });
  return { output: written, bytesBefore, bytesAfter };
}

async function planFile(
  opened: OpenedModelFile,
  source: ByteSource,
  plan: SetWriting['plan'],
): Promise<Planned> {
  const copied: Planned = {
    byteLength: source.byteLength,
    write: (sink, control) => copySource(source, sink, control),
  };
  if (source === opened.sources[0]) return copied;
  return (await plan(await readSafetensors(source))) ?? copied;
}
