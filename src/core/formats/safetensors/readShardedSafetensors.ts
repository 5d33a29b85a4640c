import { FormatError } from '../../errors';
import { type ByteSource, type ModelFiles, readBytes } from '../../io';
import { MAX_MODEL_JSON_BYTES } from '../../limits';
import type { Model, TensorEntry } from '../../model/model';
import { describeJson, isJsonObject, type JsonObject, parseJson } from '../parseJson';
import { torchLayers } from '../pytorch/torchLayers';
import { readSafetensors } from './readSafetensors';

const FORMAT = 'safetensors';

/**
 * A set of safetensors files named by a `*.safetensors.index.json`, as one model. Every name of the
 * index must be in the shard it names.
 * @throws FormatError naming missing shards and tensors.
 * Source: the sharded checkpoint format of Hugging Face Transformers.
 */
export async function readShardedSafetensors(files: ModelFiles): Promise<Model> {
  const { weightMap, indexMetadata } = await readIndex(files.main);
  const sources: ByteSource[] = [files.main];
  const tensors: TensorEntry[] = [];
  let metadata: Record<string, unknown> = {};
  let packedCount = 0;
  const shardNames = [...new Set(Object.values(weightMap))];
  const shards = await files.openBeside(shardNames, FORMAT);
  for (const [i, source] of shards.entries()) {
    const shard = await readSafetensors(source);
    assertInNamedShard(weightMap, shard.tensors, shardNames[i] ?? source.name);
    tensors.push(...shard.tensors.map((tensor) => inFile(tensor, sources.length)));
    metadata = { ...shard.metadata, ...metadata };
    packedCount += shard.packed === true ? 1 : 0;
    sources.push(...shard.files);
  }
  assertComplete(weightMap, tensors);
  const { layers, notices } = torchLayers(tensors, {});
  return {
    format: 'safetensors-index',
    formatLabel: `safetensors, ${shardNames.length} files${packedCount === 0 ? '' : ', packed without their zeros'}`,
    metadata: { ...metadata, ...indexMetadata },
    files: sources,
    tensors,
    layers,
    graphMissing: 'safetensors files hold weights only',
    checksums: [],
    ...(packedCount === 0 ? {} : { packed: true as const }),
    notices,
  };
}

interface ShardIndex {
  /** The shard of each tensor. */
  readonly weightMap: Readonly<Record<string, string>>;
  /** What the index says of the whole: usually `total_size`, the bytes of all tensors. */
  readonly indexMetadata: JsonObject;
}

async function readIndex(source: ByteSource): Promise<ShardIndex> {
  const where = { format: FORMAT, place: source.name };
  if (source.byteLength > MAX_MODEL_JSON_BYTES) {
    const found = `${source.byteLength} bytes of JSON`;
    throw new FormatError({ ...where, found, allowed: `at most ${MAX_MODEL_JSON_BYTES}` });
  }
  const json = parseJson(await readBytes(source, 0, source.byteLength), where);
  const weightMap = isJsonObject(json) ? json['weight_map'] : undefined;
  if (!isJsonObject(weightMap)) {
    throw new FormatError({
      ...where,
      found: describeJson(weightMap),
      allowed: 'a weight_map object',
    });
  }
  for (const [name, shard] of Object.entries(weightMap)) {
    if (typeof shard !== 'string') {
      const place = `${source.name}: weight_map[${JSON.stringify(name)}]`;
      throw new FormatError({
        format: FORMAT,
        place,
        found: describeJson(shard),
        allowed: 'a file name',
      });
    }
  }
  const metadata = isJsonObject(json) ? json['metadata'] : undefined;
  return {
    weightMap: weightMap as Readonly<Record<string, string>>,
    indexMetadata: isJsonObject(metadata) ? metadata : {},
  };
}

function assertInNamedShard(
  weightMap: Readonly<Record<string, string>>,
  tensors: readonly TensorEntry[],
  shardName: string,
): void {
  for (const { name } of tensors) {
    const named = Object.hasOwn(weightMap, name) ? weightMap[name] : undefined;
    if (named === undefined || named === shardName) continue;
    throw new FormatError({
      format: FORMAT,
      place: `weight_map[${JSON.stringify(name)}]`,
      found: `the tensor in ${shardName}`,
      allowed: `in ${named}, as the index says`,
    });
  }
}

/** A shard is one file, or with what is decoded from it several. */
function inFile(tensor: TensorEntry, first: number): TensorEntry {
  const spans = tensor.spans.map((span) => ({ ...span, fileIndex: first + span.fileIndex }));
  return { ...tensor, spans };
}

function assertComplete(
  weightMap: Readonly<Record<string, string>>,
  tensors: readonly TensorEntry[],
): void {
  const found = new Set(tensors.map((tensor) => tensor.name));
  const missing = Object.keys(weightMap).filter((name) => !found.has(name));
  if (missing.length > 0 || found.size < tensors.length) {
    throw new FormatError({
      format: FORMAT,
      place: 'weight_map',
      found:
        missing.length > 0
          ? `no tensor ${missing.slice(0, 3).join(', ')} in the shards`
          : 'a tensor in two shards',
      allowed: 'each tensor in the one shard that the index names',
    });
  }
}
