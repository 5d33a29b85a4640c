import { describeJson, isJsonObject, type JsonObject } from '../parseJson';
import { malformed } from './configFields';

/** One output of one call of a layer, as inbound nodes refer to it. */
export interface TensorReference {
  readonly layer: string;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
}

/** What a layer is called with; `T` stands for a tensor: first a reference, once that is made a value. */
export type CallArgument<T> =
  | { readonly kind: 'tensor'; readonly tensor: T }
  | { readonly kind: 'list'; readonly items: readonly CallArgument<T>[] }
  /** JSON as it stands: a number, a word, or an object such as `__slice__`. */
  | { readonly kind: 'constant'; readonly value: unknown };

export interface CallArguments<T> {
  readonly positional: readonly CallArgument<T>[];
  readonly named: ReadonlyMap<string, CallArgument<T>>;
}

/** One call of a layer. */
export type LayerCall = CallArguments<TensorReference>;

/**
 * The calls of a layer, from either style of `inbound_nodes`:
 * Keras 2 and TensorFlow.js `[[["layer", node, tensor, kwargs], …], …]`, Keras 3 `[{args, kwargs}, …]`.
 * @throws FormatError naming the layer and the call.
 */
export function readInboundNodes(value: unknown, place: string): readonly LayerCall[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(place, describeJson(value), 'a list of calls');
  return value.map((call: unknown, index) => {
    const where = `${place}[${index}]`;
    return isJsonObject(call) ? readKeras3Call(call, where) : readKeras2Call(call, where);
  });
}

/** The tensors among arguments, in their order: positional ones, then named ones. */
export function tensorsOf<T>({ positional, named }: CallArguments<T>): readonly T[] {
  return [...positional, ...named.values()].flatMap(tensorsIn);
}

/** The tensors of one argument, lists taken apart. */
export function tensorsIn<T>(argument: CallArgument<T>): readonly T[] {
  switch (argument.kind) {
    case 'tensor':
      return [argument.tensor];
    case 'list':
      return argument.items.flatMap(tensorsIn);
    case 'constant':
      return [];
  }
}

/** The same arguments with other tensors. */
export function mapTensors<T, U>(
  { positional, named }: CallArguments<T>,
  change: (tensor: T) => U,
): CallArguments<U> {
  return {
    positional: positional.map((argument) => mapArgument(argument, change)),
    named: new Map([...named].map(([name, value]) => [name, mapArgument(value, change)])),
  };
}

function mapArgument<T, U>(argument: CallArgument<T>, change: (tensor: T) => U): CallArgument<U> {
  switch (argument.kind) {
    case 'tensor':
      return { kind: 'tensor', tensor: change(argument.tensor) };
    case 'list':
      return { kind: 'list', items: argument.items.map((item) => mapArgument(item, change)) };
    case 'constant':
      return argument;
  }
}

/** Named arguments stand with the first tensor; more tensors than one are one list. */
function readKeras2Call(call: unknown, place: string): LayerCall {
  if (!Array.isArray(call)) throw malformed(place, describeJson(call), 'a list of tensors');
  // A call with one input may be written without the outer list.
  const entries = isReference(call) ? [call] : (call as readonly unknown[]);
  const items = entries.map((entry, index) => readKeras2Entry(entry, `${place}[${index}]`));
  const [first] = entries;
  const kwargs: unknown = Array.isArray(first) ? first[3] : undefined;
  const [only] = items;
  const single = items.length === 1 && only !== undefined;
  return {
    positional: single ? [only] : [{ kind: 'list', items }],
    named: readNamed(kwargs, place),
  };
}

/** What stands in the place of a layer's name where a constant is meant. Source: Keras 2.15, node.py. */
const CONSTANT = '_CONSTANT_VALUE';

function readKeras2Entry(entry: unknown, place: string): CallArgument<TensorReference> {
  if (Array.isArray(entry) && entry[0] === CONSTANT) {
    return { kind: 'constant', value: entry[2] };
  }
  return { kind: 'tensor', tensor: readReference(entry, place) };
}

function readKeras3Call(call: Readonly<Record<string, unknown>>, place: string): LayerCall {
  const args = readArgument(call['args'] ?? [], `${place}: args`);
  return {
    positional: args.kind === 'list' ? args.items : [args],
    named: readNamed(call['kwargs'], place),
  };
}

function readNamed(
  kwargs: unknown,
  place: string,
): ReadonlyMap<string, CallArgument<TensorReference>> {
  if (!isJsonObject(kwargs)) return new Map();
  return new Map(
    Object.entries(kwargs).map(([name, value]) => [name, readArgument(value, `${place}: ${name}`)]),
  );
}

function readArgument(value: unknown, place: string): CallArgument<TensorReference> {
  if (Array.isArray(value)) {
    if (isReference(value)) return readKeras2Entry(value, place);
    return { kind: 'list', items: value.map((item: unknown) => readArgument(item, place)) };
  }
  if (!isKerasTensor(value)) return readStructure(value, place);
  const config = value['config'];
  const history = isJsonObject(config) ? config['keras_history'] : undefined;
  return { kind: 'tensor', tensor: readReference(history, `${place}: keras_history`) };
}

/** Tensors by name, as a nested model may be called with them, in the order Keras takes names apart; else a constant. */
function readStructure(value: unknown, place: string): CallArgument<TensorReference> {
  if (!isJsonObject(value) || !Object.values(value).some(isKerasTensor)) {
    return { kind: 'constant', value };
  }
  const items = byName(value).map(([name, item]) => readArgument(item, `${place}.${name}`));
  return { kind: 'list', items };
}

/** Source: keras.tree.flatten of Keras 3.15, which sorts the names of a dictionary. */
function byName(value: JsonObject): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isKerasTensor(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value) && value['class_name'] === '__keras_tensor__';
}

function isReference(value: readonly unknown[]): boolean {
  return typeof value[0] === 'string' && typeof value[1] === 'number';
}

/**
 * `[layer, node, tensor]`, with anything after it.
 * @throws FormatError otherwise.
 */
export function readReference(value: unknown, place: string): TensorReference {
  const [layer, nodeIndex, tensorIndex] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof layer !== 'string' || !isIndex(nodeIndex) || !isIndex(tensorIndex)) {
    throw malformed(place, describeJson(value), '[layer name, node index, tensor index]');
  }
  return { layer, nodeIndex, tensorIndex };
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * `input_layers` or `output_layers`: one reference, a list of them, or a nest of lists and objects of
 * them, objects in the order of their names.
 * @throws FormatError otherwise.
 */
export function readReferences(value: unknown, place: string): readonly TensorReference[] {
  if (isJsonObject(value)) {
    return byName(value).flatMap(([key, item]) => readReferences(item, `${place}.${key}`));
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw malformed(place, describeJson(value), 'a list of tensors');
  }
  if (typeof value[0] === 'string') return [readReference(value, place)];
  return value.flatMap((item: unknown, index) => readReferences(item, `${place}[${index}]`));
}
