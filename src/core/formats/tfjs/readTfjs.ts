import { FormatError } from '../../errors';
import { inferLayers } from '../../graph/inferLayers';
import { type ByteSource, type ModelFiles, readBytes } from '../../io';
import { MAX_MODEL_JSON_BYTES } from '../../limits';
import type { Layer, Model, Notice, TensorEntry } from '../../model/model';
import { type KerasTopology, readKerasTopology } from '../kerasConfig/readKerasTopology';
import { isJsonObject, parseJson } from '../parseJson';
import { graphInterface } from './graphInterface';
import { parseManifest } from './parseManifest';
import { placeWeights } from './placeWeights';
import { type GraphModelParts, readGraphModel } from './readGraphModel';

const FORMAT = 'tfjs';

/**
 * Reads a TensorFlow.js model from its model.json: topology and manifest; of the shards only their sizes.
 * A layers model's graph is its configuration's, a graph model's is written in the same
 * operators; of a bare manifest (weights_manifest.json) the layers are guessed.
 * @throws FormatError, UnsupportedError naming the place; IoError for a shard that cannot be opened.
 * Source: ModelJSON of TensorFlow.js 4.22, tfjs-core/src/io/types.ts.
 */
export async function readTfjs(files: ModelFiles): Promise<Model> {
  const json = await readModelJson(files.main);
  const kind = kindOf(json);
  if (kind === null) throw notAModel(json);
  const weights = await readWeights(json, files);
  const declared = isJsonObject(json) ? graphInterface(json) : null;
  const model: Model = {
    format: FORMAT,
    formatLabel: labelOf(kind, json),
    metadata: metadataOf(json),
    files: weights.files,
    tensors: weights.tensors,
    layers: [],
    ...(declared === null ? {} : { interface: declared }),
    checksums: [],
    notices: weights.notices,
  };
  const { notices, ...structure } = await structureOf(kind, json, model);
  return { ...model, ...structure, notices: [...weights.notices, ...notices] };
}

type TfjsKind = 'tfjs-layers' | 'tfjs-graph' | 'tfjs-weights';

/** Whether parsed JSON is a TF.js model.json or manifest, and of which kind. */
function kindOf(json: unknown): TfjsKind | null {
  if (Array.isArray(json)) return 'tfjs-weights';
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
  const manifest = isJsonObject(json) ? json['weightsManifest'] : json;
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

async function structureOf(kind: TfjsKind, json: unknown, model: Model): Promise<GraphModelParts> {
  const { tensors } = model;
  const topology = isJsonObject(json) ? json['modelTopology'] : undefined;
  switch (kind) {
    case 'tfjs-layers':
      return topology === undefined
        ? withoutGraph('the model.json has no modelTopology', inferLayers(tensors))
        : partsOf(readKerasTopology(topology, tensors));
    case 'tfjs-graph':
      return readGraphModel(isJsonObject(json) ? json : {}, model);
    case 'tfjs-weights':
      return withoutGraph('a manifest names weights only', inferLayers(tensors));
  }
}

function partsOf({ graph, graphMissing, ...rest }: KerasTopology): GraphModelParts {
  return {
    ...rest,
    ...(graph === null ? {} : { graph }),
    ...(graphMissing === null ? {} : { graphMissing }),
  };
}

function withoutGraph(graphMissing: string, layers: readonly Layer[]): GraphModelParts {
  return { graphMissing, layers, notices: [] };
}

const LABELS: Readonly<Record<TfjsKind, string>> = {
  'tfjs-layers': 'TensorFlow.js layers model',
  'tfjs-graph': 'TensorFlow.js graph model',
  'tfjs-weights': 'TensorFlow.js weights',
};

function labelOf(kind: TfjsKind, json: unknown): string {
  const name = LABELS[kind];
  const writer = isJsonObject(json) ? json['generatedBy'] : undefined;
  return typeof writer === 'string' && writer !== '' ? `${name}, ${writer}` : name;
}

function metadataOf(json: unknown): Record<string, unknown> {
  if (!isJsonObject(json)) return {};
  const { format, generatedBy, convertedBy, userDefinedMetadata } = json;
  const entries = Object.entries({ format, generatedBy, convertedBy, userDefinedMetadata });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

function notAModel(json: unknown): FormatError {
  const keys = isJsonObject(json) ? Object.keys(json).slice(0, 5).join(', ') : typeof json;
  return new FormatError({
    format: FORMAT,
    place: 'model.json',
    found: `JSON that is no TensorFlow.js model (${keys})`,
    allowed: 'an object with modelTopology and weightsManifest, or a list of weight groups',
  });
}
