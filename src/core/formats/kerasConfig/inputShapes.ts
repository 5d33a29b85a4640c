import type { ElementType, GraphInput } from '../../graph/graph';
import type { TensorEntry } from '../../model/model';
import { describeJson } from '../parseJson';
import { type ConfigFields, malformed } from './configFields';
import { WeightIndex } from './layerWeights';
import type { KerasLayer, KerasModel } from './modelConfig';

/** The shape of a batch that an input layer, or a first layer, states; null where it states none. */
export function inputShapeOf(config: ConfigFields): readonly number[] | null {
  for (const name of ['batch_input_shape', 'batch_shape']) {
    if (config.has(name)) return readBatchShape(config.raw(name), `${config.place}: ${name}`);
  }
  if (!config.has('input_shape')) return null;
  const sample = config.list('input_shape');
  return readBatchShape([null, ...sample], `${config.place}: input_shape`);
}

/**
 * What the elements of an input are; floats where it does not say. An embedding's own input counts as integers,
 * whatever it says: TensorFlow.js and Keras 2 say floats.
 */
export function inputTypeOf({
  config,
  className,
}: Pick<KerasLayer, 'config' | 'className'>): ElementType {
  if (className === 'Embedding') return 'int32';
  const dtype = config.raw('dtype');
  if (typeof dtype !== 'string') return 'float32';
  if (dtype === 'bool') return 'bool';
  return /^u?int\d+$/.test(dtype) ? 'int32' : 'float32';
}

/** Open dimensions are null in the file and -1 here; the batch is always open. */
function readBatchShape(value: unknown, place: string): readonly number[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isDimension)) {
    throw malformed(place, describeJson(value), 'a list of whole numbers from 1 and null');
  }
  return value.map((size: number | null, axis) => (axis === 0 || size === null ? -1 : size));
}

function isDimension(size: unknown): boolean {
  return size === null || (typeof size === 'number' && Number.isSafeInteger(size) && size > 0);
}

/**
 * Name, shape and type of a sequential model's input: of its input layer, its first layer, what the model was
 * built with, or what the first kernel takes.
 */
export function sequentialInput(
  model: KerasModel,
  tensors: readonly TensorEntry[],
): Omit<GraphInput, 'value'> | null {
  const [first] = model.layers;
  if (first === undefined) throw malformed(`model ${model.name}: layers`, 'none', 'at least one');
  const name = first.className === 'InputLayer' ? first.name : `${first.name}_input`;
  const shape = statedShape(first) ?? builtShape(model) ?? kernelShape(first, model.name, tensors);
  return shape === null ? null : { name, shape, type: inputTypeOf(first) };
}

function statedShape(layer: KerasLayer): readonly number[] | null {
  const own = inputShapeOf(layer.config);
  if (own !== null || layer.nested === null) return own;
  const [inner] = layer.nested.layers;
  return inner === undefined ? null : (statedShape(inner) ?? builtShape(layer.nested));
}

function builtShape(model: KerasModel): readonly number[] | null {
  if (model.buildInputShape === undefined) return null;
  return readBatchShape(model.buildInputShape, `model ${model.name}: build_input_shape`);
}

function kernelShape(
  layer: KerasLayer,
  model: string,
  tensors: readonly TensorEntry[],
): readonly number[] | null {
  const kernel = new WeightIndex(tensors).find([model], layer.name, 'kernel')?.shape;
  if (layer.className === 'Dense' && kernel?.length === 2) return [-1, kernel[0] ?? -1];
  if (layer.className === 'Embedding') return [-1, -1];
  const lastIsChannels = layer.config.raw('data_format') !== 'channels_first';
  if (layer.className !== 'Conv2D' || kernel?.length !== 4 || !lastIsChannels) return null;
  return [-1, -1, -1, kernel[2] ?? -1];
}
