import type { HostValue } from '../../../graph/lowering/hostValue';
import type { Model } from '../../../model/model';
import { readTensorValues } from '../../../model/readTensor';
import { readInWindows } from '../../windowedSource';
import {
  MAX_SMALL_ELEMENTS,
  MAX_SMALL_FLOATS,
  MAX_SMALL_INTEGERS,
  MAX_SMALL_TENSORS,
} from './limits';
import { valueTypeOf } from './valueTypes';

/**
 * Elements of the tensors that may say sizes, axes or settings, by name. Weights stay in the file.
 * @throws FormatError, IoError as reading does.
 */
export async function readSmallTensors(model: Model): Promise<ReadonlyMap<string, HostValue>> {
  const small = new Map<string, HostValue>();
  const windowed = readInWindows(model);
  let elements = 0;
  for (const tensor of model.tensors) {
    if (small.size >= MAX_SMALL_TENSORS || elements >= MAX_SMALL_ELEMENTS) break;
    const { name, shape, dtype, elementCount, role } = tensor;
    const type = valueTypeOf(dtype);
    const most = type === 'float32' ? MAX_SMALL_FLOATS : MAX_SMALL_INTEGERS;
    const isSetting = type !== 'float32' || shape.length <= 1;
    if (type === null || role !== 'parameter' || !isSetting || elementCount > most) continue;
    elements += elementCount;
    small.set(name, { shape, type, elements: [...(await readTensorValues(windowed, tensor))] });
  }
  return small;
}
