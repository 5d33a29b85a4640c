import { FormatError } from '../../errors';
import type { ByteSource } from '../../io';
import type { Notice, Span, TensorEntry } from '../../model/model';
import type { ManifestGroup, WeightSpec } from './parseManifest';

export interface PlacedWeights {
  readonly tensors: readonly TensorEntry[];
  readonly notices: readonly Notice[];
}

/** A shard with its place in the group's concatenated bytes. */
interface Shard {
  readonly fileIndex: number;
  readonly groupOffset: number;
  readonly byteLength: number;
}

/**
 * Where the weights of one group lie in its shards. A weight may span several, cut anywhere.
 * @param firstFileIndex the index that the group's first shard gets in the model's files
 * @throws FormatError when the shards give fewer bytes than the weights need.
 */
export function placeWeights(
  group: ManifestGroup,
  shardFiles: readonly ByteSource[],
  firstFileIndex: number,
): PlacedWeights {
  let available = 0;
  const shards = shardFiles.map((file, i): Shard => {
    const shard = {
      fileIndex: firstFileIndex + i,
      groupOffset: available,
      byteLength: file.byteLength,
    };
    available += file.byteLength;
    return shard;
  });
  const needed = group.weights.reduce((sum, weight) => sum + weight.byteLength, 0);
  if (needed > available) throw tooShort(group, needed, available);
  return {
    tensors: group.weights.map((weight) => placeWeight(weight, shards)),
    notices: needed < available ? [trailingBytes(group, available - needed)] : [],
  };
}

function placeWeight(weight: WeightSpec, shards: readonly Shard[]): TensorEntry {
  const { name, shape, dtype, elementCount, storedElementBytes, role } = weight;
  return {
    name,
    shape,
    dtype,
    elementCount,
    storedElementBytes,
    spans: spansOf(weight.groupOffset, weight.byteLength, shards),
    littleEndian: true,
    storageOrder: null,
    ...(weight.quantization === undefined ? {} : { quantization: weight.quantization }),
    role,
  };
}

function spansOf(start: number, byteLength: number, shards: readonly Shard[]): Span[] {
  const end = start + byteLength;
  const spans: Span[] = [];
  for (const shard of shards) {
    const from = Math.max(start, shard.groupOffset);
    const to = Math.min(end, shard.groupOffset + shard.byteLength);
    if (from < to) {
      spans.push({
        fileIndex: shard.fileIndex,
        byteOffset: from - shard.groupOffset,
        byteLength: to - from,
      });
    }
  }
  return spans;
}

function tooShort(group: ManifestGroup, needed: number, available: number): FormatError {
  return new FormatError({
    format: 'tfjs',
    place: `shards ${group.paths.slice(0, 3).join(', ')}${group.paths.length > 3 ? ', …' : ''}`,
    found: `${available} bytes`,
    allowed: `the ${needed} bytes that the manifest's weights need`,
  });
}

function trailingBytes(group: ManifestGroup, byteLength: number): Notice {
  const last = group.paths.at(-1) ?? 'the last shard';
  return {
    code: 'trailing-bytes',
    message: `${byteLength} bytes of ${last} belong to no weight; they are kept as they are`,
  };
}
