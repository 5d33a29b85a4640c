import { hostCount, type HostValue } from '../../../graph/lowering/hostValue';
import type { Model, TensorEntry } from '../../../model/model';
import { readTensorValues } from '../../../model/readTensor';
import { readInWindows } from '../../windowedSource';
import { elementTypeOf } from '../elementTypes';
import { readSmallMessage } from './readSmallMessage';
import type { OnnxModel, OnnxSparseTensor, OnnxTensor } from '../messages';
import { allGraphs } from '../modelTensors';
import type { WireReader } from '../protobuf/wireReader';
import { MAX_SMALL_FLOATS, MAX_SMALL_INTEGERS, MAX_SMALL_TENSORS } from './limits';
import { valueType } from './valueTypes';

type TensorMessage = OnnxTensor | OnnxSparseTensor;

/**
 * Elements of the tensors that may say sizes, axes or settings: integers as long as shapes and
 * positions are, and floats as few as a range or a scale has. Weights stay in the file.
 * @throws FormatError, IoError as reading does.
 */
export async function readSmallTensors(
  onnx: OnnxModel,
  model: Model,
  tensors: ReadonlyMap<TensorMessage, TensorEntry>,
  reader: WireReader,
): Promise<ReadonlyMap<TensorMessage, HostValue>> {
  const small = new Map<TensorMessage, HostValue>();
  const windowed = readInWindows(model);
  for (const [message, tensor] of tensors) {
    if (small.size >= MAX_SMALL_TENSORS) break;
    if (tensor.role !== 'parameter' || !isSmall(tensor)) continue;
    const type = valueType(tensor.dtype);
    if (type === null) continue;
    const elements = [...(await readTensorValues(windowed, tensor))];
    small.set(message, { shape: tensor.shape, type, elements });
  }
  const functions = onnx.functions.map(({ graph }) => graph);
  for (const graph of allGraphs([onnx.graph, ...functions])) {
    for (const { opType, attributes } of graph.nodes) {
      const message = opType === 'ConstantOfShape' ? attributes.get('value')?.tensor : null;
      if (message === null || message === undefined || small.size >= MAX_SMALL_TENSORS) continue;
      const host = await readSetting(reader, message);
      if (host !== null) small.set(message, host);
    }
  }
  return small;
}

function isSmall({ dtype, elementCount, shape }: TensorEntry): boolean {
  const isWhole = dtype === 'bool' || /^u?int(8|16|32|64)$/.test(dtype);
  if (isWhole) return elementCount <= MAX_SMALL_INTEGERS;
  return shape.length <= 1 && elementCount <= MAX_SMALL_FLOATS;
}

/** The one element that a filled array gets. */
async function readSetting(reader: WireReader, message: OnnxTensor): Promise<HostValue | null> {
  const dtype = elementTypeOf(message.dataType)?.dtype;
  const type = dtype === undefined ? null : valueType(dtype);
  if (dtype === undefined || type === null) return null;
  const element = await readSmallMessage(reader, message, dtype);
  if (element === null) return null;
  const shape = message.dims;
  const count = hostCount(shape, () => reader.error('tensor', 'a large one', 'one element'));
  return count === 1 ? { shape, type, elements: [element] } : null;
}
