import { describeJson, isJsonObject } from '../parseJson';
import { malformed } from './configFields';

/** One output of one call of a layer, as inbound nodes refer to it. */
export interface TensorReference {
  readonly layer: string;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
}

/** One call of a layer. */
export interface LayerCall {
  readonly inputs: readonly TensorReference[];
  /** Constants or named tensors are among the arguments: more than a list of tensors says. */
  readonly hasOtherArguments: boolean;
}

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

function readKeras2Call(call: unknown, place: string): LayerCall {
  if (!Array.isArray(call)) throw malformed(place, describeJson(call), 'a list of tensors');
  // A call with one input may be written without the outer list.
  const entries = isReference(call) ? [call] : (call as readonly unknown[]);
  return {
    inputs: entries.map((entry, index) => readReference(entry, `${place}[${index}]`)),
    hasOtherArguments: entries.some((entry) => Array.isArray(entry) && holdsTensor(entry[3])),
  };
}

function readKeras3Call(call: Readonly<Record<string, unknown>>, place: string): LayerCall {
  const inputs: TensorReference[] = [];
  const constants = collectTensors(call['args'], inputs, `${place}: args`);
  return { inputs, hasOtherArguments: constants > 0 || holdsTensor(call['kwargs']) };
}

/** Appends the tensors among nested lists of arguments. @returns how many other arguments there are. */
function collectTensors(value: unknown, found: TensorReference[], place: string): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + collectTensors(item, found, place), 0);
  }
  if (!isKerasTensor(value)) return value === null || value === undefined ? 0 : 1;
  const config = value['config'];
  const history = isJsonObject(config) ? config['keras_history'] : undefined;
  found.push(readReference(history, `${place}: keras_history`));
  return 0;
}

function isKerasTensor(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value) && value['class_name'] === '__keras_tensor__';
}

/** Whether keyword arguments hold a tensor: masks and constants such as `training` do not matter. */
function holdsTensor(value: unknown): boolean {
  if (isKerasTensor(value)) return true;
  if (Array.isArray(value)) return isReference(value) || value.some(holdsTensor);
  return isJsonObject(value) && Object.values(value).some(holdsTensor);
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
 * them, in the order they stand.
 * @throws FormatError otherwise.
 */
export function readReferences(value: unknown, place: string): readonly TensorReference[] {
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => readReferences(item, `${place}.${key}`));
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw malformed(place, describeJson(value), 'a list of tensors');
  }
  if (typeof value[0] === 'string') return [readReference(value, place)];
  return value.flatMap((item: unknown, index) => readReferences(item, `${place}[${index}]`));
}
