import { FormatError } from '../../errors';
import { inferLayers } from '../../graph/inferLayers';
import { type ByteSource, type ModelFiles, readBytes } from '../../io';
import { MAX_MODEL_JSON_BYTES } from '../../limits';
import type { Model, Notice, TensorEntry } from '../../model/model';
import { type KerasTopology, readKerasTopology } from '../kerasConfig/readKerasTopology';
import { isJsonObject, type JsonObject, parseJson } from '../parseJson';
import { parseManifest } from './parseManifest';
import { placeWeights } from './placeWeights';

const FORMAT = 'tfjs';

/**
 * Reads a TensorFlow.js model from its model.json: topology and manifest; of the shards only their sizes.
 * A layers model gets a graph; of a graph model the weights are listed and its layers inferred.
 * @throws FormatError, UnsupportedError naming the place; IoError for a shard that cannot be opened.
 * Source: ModelJSON of TensorFlow.js 4.22, tfjs-core/src/io/types.ts.
 */
export async function readTfjs(files: ModelFiles): Promise<Model> {
  const json = await readModelJson(files.main);
  const kind = kindOf(json);
  if (kind === null) throw notAModel(json);
  const weights = await readWeights(json, files);
  const structure =
    kind === 'tfjs-layers'
      ? layersStructure(json, weights.tensors)
      : graphStructure(weights.tensors);
  return {
    format: FORMAT,
    formatLabel: labelOf(kind, json),
    metadata: metadataOf(json),
    files: weights.files,
    tensors: weights.tensors,
    layers: structure.layers,
    ...(structure.graph === null ? {} : { graph: structure.graph }),
    ...(structure.graphMissing === null ? {} : { graphMissing: structure.graphMissing }),
    checksums: [],
    notices: [...weights.notices, ...structure.notices],
  };
}

/** Whether parsed JSON is a TF.js model.json, and of which kind. */
export function kindOf(json: unknown): 'tfjs-layers' | 'tfjs-graph' | null {
  if (!isJsonObject(json)) return null;
  const topology = json['modelTopology'];
  if (json['format'] === 'graph-model') return 'tfjs-graph';
  if (isJsonObject(topology)) {
    if (Array.isArray(topology['node'])) return 'tfjs-graph';
    return 'class_name' in topology || 'model_config' in topology ? 'tfjs-layers' : null;
  }
  return Array.isArray(json['weightsManifest']) ? 'tfjs-layers' : null;
}

async function readModelJson(source: ByteSource): Promise<unknown> {
  if (source.byteLength > MAX_MODEL_JSON_BYTES) {
    throw new FormatError({
      format: FORMAT,
      place: source.name,
      found: `${source.byteLength} bytes of JSON`,
      allowed: `at most ${MAX_MODEL_JSON_BYTES}`,
    });
  }
  const bytes = await readBytes(source, 0, source.byteLength);
  return parseJson(bytes, { format: FORMAT, place: source.name });
}

interface Weights {
  readonly files: readonly ByteSource[];
  readonly tensors: readonly TensorEntry[];
  readonly notices: readonly Notice[];
}

async function readWeights(json: unknown, files: ModelFiles): Promise<Weights> {
  const manifest = isJsonObject(json) ? json['weightsManifest'] : undefined;
  if (manifest === undefined) {
    const message = 'the model.json has no weightsManifest, so there are no weights';
    return { files: [files.main], tensors: [], notices: [{ code: 'no-weights', message }] };
  }
  const sources: ByteSource[] = [files.main];
  const tensors: TensorEntry[] = [];
  const notices: Notice[] = [];
  for (const group of parseManifest(manifest)) {
    const shards = await files.openBeside(group.paths, FORMAT);
    const placed = placeWeights(group, shards, sources.length);
    sources.push(...shards);
    tensors.push(...placed.tensors);
    notices.push(...placed.notices);
  }
  assertUniqueNames(tensors);
  return { files: sources, tensors, notices };
}

function assertUniqueNames(tensors: readonly TensorEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of tensors) {
    if (seen.has(name)) {
      throw new FormatError({
        format: FORMAT,
        place: 'weightsManifest',
        found: `the weight ${JSON.stringify(name)} twice`,
        allowed: 'each name once',
      });
    }
    seen.add(name);
  }
}

function layersStructure(json: unknown, tensors: readonly TensorEntry[]): KerasTopology {
  const topology = isJsonObject(json) ? json['modelTopology'] : undefined;
  if (topology !== undefined) return readKerasTopology(topology, tensors);
  return {
    graph: null,
    graphMissing: 'the model.json has no modelTopology',
    layers: inferLayers(tensors),
    notices: [],
  };
}

function graphStructure(tensors: readonly TensorEntry[]): KerasTopology {
  return {
    graph: null,
    graphMissing: 'TensorFlow.js graph models are inspected and pruned by weight, not run',
    layers: inferLayers(tensors),
    notices: [],
  };
}

function labelOf(kind: 'tfjs-layers' | 'tfjs-graph', json: unknown): string {
  const name = kind === 'tfjs-layers' ? 'TensorFlow.js layers model' : 'TensorFlow.js graph model';
  const writer = isJsonObject(json) ? json['generatedBy'] : undefined;
  return typeof writer === 'string' && writer !== '' ? `${name}, ${writer}` : name;
}

function metadataOf(json: unknown): Record<string, unknown> {
  const { format, generatedBy, convertedBy, userDefinedMetadata } = json as JsonObject;
  const entries = Object.entries({ format, generatedBy, convertedBy, userDefinedMetadata });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

function notAModel(json: unknown): FormatError {
  const keys = isJsonObject(json) ? Object.keys(json).slice(0, 5).join(', ') : typeof json;
  return new FormatError({
    format: FORMAT,
    place: 'model.json',
    found: `JSON that is no TensorFlow.js model (${keys})`,
    allowed: 'an object with modelTopology and weightsManifest',
  });
}
