import type { LayerContext, LayerFunction } from '../layerContext';
import { MAX_PARTS } from '../limits';

const ENCODINGS = ['int', 'one_hot', 'multi_hot', 'count'] as const;
type Encoding = (typeof ENCODINGS)[number];

/** How categories come out. */
function encodingOf(layer: LayerContext, fallback: Encoding): Encoding {
  const mode = layer.config.string('output_mode', fallback);
  const found = ENCODINGS.find((known) => known === mode);
  if (found === undefined) throw layer.unsupported(`output_mode ${mode}`, ENCODINGS.join(', '));
  return found;
}

/**
 * Whole numbers from 0 as places in vectors of `depth` numbers; outside of that they leave no mark.
 * Source: encode_categorical_inputs of Keras 3.15, numerical_utils.py.
 */
function encoded(layer: LayerContext, indices: string, mode: Encoding, depth: number): string {
  if (mode === 'int') return indices;
  const shape = layer.shape(indices);
  const isSingle = shape.length > 1 && shape.at(-1) === 1;
  const places = mode === 'one_hot' && isSingle ? layer.squeeze(indices, [-1]) : indices;
  const marks = layer.emit({ kind: 'oneHot', depth, axis: -1, on: 1, off: 0 }, [places]);
  if (mode === 'one_hot') return marks;
  return layer.reduce(mode === 'count' ? 'sum' : 'max', marks, [shape.length > 1 ? 1 : 0]);
}

/** CategoryEncoding: whole numbers below `num_tokens` as vectors. */
const categoryEncoding: LayerFunction = (layer) => {
  const [x] = layer.assertInputCount(1);
  if (layer.argument(1, 'count_weights') !== undefined) {
    throw layer.unsupported('count_weights', 'every mark counting as one');
  }
  const indices = layer.cast(x, 'int32');
  const depth = layer.config.count('num_tokens');
  return encoded(layer, indices, encodingOf(layer, 'multi_hot'), depth);
};

/** Discretization: the number of boundaries that a value is not below. */
const discretization: LayerFunction = (layer) => {
  const values = numbersOf(layer, 'bin_boundaries');
  const x = layer.expandDims(layer.cast(layer.x, 'float32'), -1);
  const reached = layer.compare('greaterOrEqual', x, layer.constant(values, [values.length]));
  const bins = layer.reduce('sum', layer.cast(reached, 'int32'), [-1]);
  return encoded(layer, bins, encodingOf(layer, 'int'), values.length + 1);
};

/** Where the numbers of a lookup go. */
interface LookupTable {
  readonly mode: Encoding;
  readonly vocabulary: readonly number[];
  /** The number that stands for no value; null where none does. */
  readonly masked: number | null;
  /** The first place of numbers that are not in the vocabulary, and how many such places there are. */
  readonly unknown: number;
  readonly unknownCount: number;
}

/**
 * IntegerLookup: the place of a whole number in the vocabulary, behind those of the mask and of all other numbers.
 * Source: IndexLookup of Keras 3.15.
 */
const integerLookup: LayerFunction = (layer) => {
  const { config } = layer;
  assertPlainLookup(layer);
  const table = lookupTable(layer);
  const places = masksPlaced(layer, table, lookedUp(layer, table));
  const size = table.vocabulary.length + table.unknown + table.unknownCount;
  const isPadded = config.boolean('pad_to_max_tokens', false) && config.has('max_tokens');
  return encoded(layer, places, table.mode, isPadded ? config.count('max_tokens') : size);
};

function assertPlainLookup(layer: LayerContext): void {
  const { config } = layer;
  if (config.boolean('invert', false)) throw layer.unsupported('invert', 'places of numbers');
  const isHashed = config.string('oov_method', 'floormod') !== 'floormod';
  if (isHashed && config.integer('num_oov_indices', 1) > 1) {
    throw layer.unsupported('hashing of unknown numbers', 'oov_method floormod');
  }
}

function lookupTable(layer: LayerContext): LookupTable {
  const { config } = layer;
  const mode = encodingOf(layer, 'int');
  const unknownCount = config.integer('num_oov_indices', 1);
  if (unknownCount < 0 || unknownCount > MAX_PARTS) {
    throw config.bad('num_oov_indices', `0 to ${MAX_PARTS}`);
  }
  const masked = config.has('mask_token') ? config.integer('mask_token', 0) : null;
  const unknown = masked !== null && mode === 'int' ? 1 : 0;
  const listed = numbersOf(layer, 'vocabulary');
  const special = [
    ...new Array<number | null>(unknown).fill(masked),
    ...new Array<number>(unknownCount).fill(config.integer('oov_token', -1)),
  ];
  const isWhole = special.every((token, i) => listed[i] === token);
  const vocabulary = isWhole ? listed.slice(special.length) : listed;
  return { mode, vocabulary, masked, unknown, unknownCount };
}

/** Places in the vocabulary, or those for numbers that are not in it. */
function lookedUp(layer: LayerContext, table: LookupTable): string {
  const { vocabulary, unknown, unknownCount } = table;
  const x = layer.cast(layer.x, 'int32');
  const tokens = layer.constant(vocabulary, [vocabulary.length], 'int32');
  const matches = layer.compare('equal', layer.expandDims(x, -1), tokens);
  const marks = layer.cast(matches, 'int32');
  const at = { kind: 'argReduce', mode: 'max', axis: -1, keepDims: false, last: false } as const;
  const first = layer.scalar(unknown + unknownCount, 'int32');
  const found = layer.merge('add', layer.emit(at, [marks]), first);
  const start = layer.scalar(unknown, 'int32');
  const spread = layer.scalar(unknownCount, 'int32');
  // Of several places for unknown numbers each has the one that the remainder tells.
  const other =
    unknownCount > 1 ? layer.merge('add', layer.merge('modulo', x, spread), start) : start;
  const isKnown = layer.compare(
    'greater',
    layer.reduce('max', marks, [-1]),
    layer.scalar(0, 'int32'),
  );
  return layer.select(isKnown, found, other);
}

/** What stands for no value has place 0, and leaves no mark in vectors. */
function masksPlaced(layer: LayerContext, { masked, mode }: LookupTable, places: string): string {
  if (masked === null) return places;
  const x = layer.cast(layer.x, 'int32');
  const isMasked = layer.compare('equal', x, layer.scalar(masked, 'int32'));
  return layer.select(isMasked, layer.scalar(mode === 'int' ? 0 : -1, 'int32'), places);
}

function numbersOf(layer: LayerContext, field: string): readonly number[] {
  const { config } = layer;
  if (!config.has(field)) throw layer.unsupported(`no ${field} in the configuration`, 'a list');
  return layer.numbers(config.raw(field), field).values;
}

/** What a layer needs that is done outside of networks. */
function outside(what: string): LayerFunction {
  return (layer) => {
    throw layer.unsupported(what, 'layers that work on numbers');
  };
}

export const categoricalLayers: Readonly<Record<string, LayerFunction>> = {
  CategoryEncoding: categoryEncoding,
  Discretization: discretization,
  IntegerLookup: integerLookup,
  StringLookup: outside('text, which has to be looked up before'),
  TextVectorization: outside('text, which has to be turned to numbers before'),
  Hashing: outside('hashing of text, which has to be done before'),
  HashedCrossing: outside('hashing of text, which has to be done before'),
  Lambda: outside('a function in Python code, which is never run'),
};
