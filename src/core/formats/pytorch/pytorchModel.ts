import { FormatError } from '../../errors';
import type { ByteSource } from '../../io';
import type { ChecksummedRange, Model, Notice } from '../../model/model';
import { findTensors, type FoundTensor } from '../pickle/findTensors';
import type { PickleTrace } from '../pickle/pickleMachine';
import {
  assertNotDangerous,
  suspectNotices,
  type Suspects,
  suspectsOf,
} from '../pickle/pickleNotices';
import type { PickleValue } from '../pickle/pickleValue';
import { plainMetadata } from '../pickle/plainMetadata';
import { TensorBuilder } from './buildTensors';
import type { Storages } from './storages';
import { torchLayers } from './torchLayers';
import { asTorchTensor, type TorchTensor } from './torchTensor';

/** {@link Model.format} of PyTorch's files. */
export const PYTORCH = 'pytorch';

/** One pickle of a file, and where it begins in which of the model's files. */
export interface PlacedPickle {
  readonly value: PickleValue;
  readonly trace: PickleTrace;
  readonly fileIndex: number;
  readonly byteOffset: number;
  /** Before its tensors' names; empty for the main one. */
  readonly prefix: string;
}

/** What a reader of one of PyTorch's containers found. */
export interface PytorchParts {
  readonly source: ByteSource;
  /** Derived ones are appended. */
  readonly files: ByteSource[];
  readonly pickles: readonly PlacedPickle[];
  readonly storages: Storages;
  readonly checksums: readonly ChecksummedRange[];
  readonly container: 'zip' | 'legacy' | 'TorchScript';
  readonly notices: readonly Notice[];
}

const LABELS: Readonly<Record<PytorchParts['container'], string>> = {
  zip: 'PyTorch',
  legacy: 'PyTorch, legacy container',
  TorchScript: 'TorchScript',
};

/**
 * The model of a PyTorch file. A file that names dangerous globals is listed with a notice when it has
 * tensors, for nothing of it is run; without any it is refused.
 * @throws FormatError naming the tensor or the global.
 */
export async function pytorchModel(parts: PytorchParts): Promise<Model> {
  const { source, files, storages } = parts;
  const place = { format: PYTORCH, files, storages, byteLength: source.byteLength };
  const tensors = [];
  const notices: Notice[] = [];
  for (const pickle of parts.pickles) {
    const builder = new TensorBuilder({ ...place, pickle });
    for (const found of tensorsOf(pickle)) await builder.add(found);
    tensors.push(...builder.tensors);
    notices.push(...builder.notices);
  }
  const suspects = allSuspects(parts.pickles);
  if (tensors.length === 0) assertNotDangerous(suspects, { format: PYTORCH, place: source.name });
  const { layers, notices: layerNotices } = torchLayers(tensors);
  return {
    format: PYTORCH,
    formatLabel: LABELS[parts.container],
    metadata: plainMetadata(parts.pickles[0]?.value ?? null),
    files,
    tensors,
    layers,
    graphMissing: 'a PyTorch file holds weights; how they are connected is code',
    checksums: parts.checksums,
    notices: [
      ...suspectNotices(suspects),
      ...parts.notices,
      ...notices,
      ...layerNotices,
      ...(tensors.length === 0 ? [noTensors()] : []),
    ],
  };
}

function tensorsOf({ value, prefix }: PlacedPickle): readonly FoundTensor<TorchTensor>[] {
  const where = { format: PYTORCH, place: prefix === '' ? 'object' : prefix };
  const found = findTensors(
    value,
    (call, name) =>
      asTorchTensor(call, { format: PYTORCH, place: `tensor ${JSON.stringify(prefix + name)}` }),
    where,
  );
  return prefix === '' ? found : found.map((one) => ({ ...one, name: prefix + one.name }));
}

function allSuspects(pickles: readonly PlacedPickle[]): Suspects {
  const all = pickles.map(({ trace }) => suspectsOf(trace));
  return {
    dangerous: [...new Set(all.flatMap(({ dangerous }) => dangerous))],
    unknown: [...new Set(all.flatMap(({ unknown }) => unknown))],
  };
}

function noTensors(): Notice {
  return { code: 'no-weights', message: 'the file holds no tensors' };
}

/** @throws FormatError for a file of another kind than its name says. */
export function notPytorch(source: ByteSource, found: string): FormatError {
  return new FormatError({
    format: PYTORCH,
    place: source.name,
    found,
    allowed: 'a zip archive of torch.save, a legacy file of it, or a pickle',
  });
}
