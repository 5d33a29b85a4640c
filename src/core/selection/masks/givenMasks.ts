import { UsageError } from '../../errors';
import { unitBias } from '../../graph/unitBias';
import { unwritableReason } from '../../model/lockUnwritableLayers';
import type { Model, TensorEntry } from '../../model/model';
import type { PrunedTensor } from '../prunableTensors';
import type { OnChunk } from '../selection';
import { readMask } from './readMask';

/** Masks that were given, as cuts have them: a set bit goes. */
export interface GivenMasks {
  /** By the name of a tensor: of weights that are pruned, and of their layers' biases. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
  /** What the user should know of arrays that were left out. */
  readonly warnings: readonly string[];
}

/** The masks of a file for a model. */
export interface MaskRequest {
  readonly model: Model;
  /** Those that are pruned. */
  readonly tensors: readonly PrunedTensor[];
  readonly onChunk: OnChunk;
}

/**
 * Reads masks: arrays under the names and in the shapes of tensors, 0 where a weight goes and 1 where it stays. Tensors that have none
 * are left to the recipe. Space: a bit a weight, and a chunk.
 * @throws UsageError where an array has no tensor, or another shape, or anything but 0 and 1.
 */
export async function readGivenMasks(file: Model, request: MaskRequest): Promise<GivenMasks> {
  const { model, tensors, onChunk } = request;
  const known = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const used = new Set(
    tensors.flatMap(({ tensor, layer }) => {
      const bias = unitBias(model, layer);
      return bias === undefined ? [tensor.name] : [tensor.name, bias];
    }),
  );
  const masks = new Map<string, Uint8Array>();
  const warnings: string[] = [];
  for (const array of file.tensors) {
    const tensor = known.get(array.name);
    if (tensor === undefined) throw unknownArray(array, [...used]);
    assertFits(array, tensor);
    const reason = used.has(array.name) ? unwritableReason(model, tensor) : 'not pruned';
    if (reason === null) masks.set(array.name, await readMask(file, array, onChunk));
    else warnings.push(`the mask of ${array.name} is left out: it is ${reason}`);
  }
  return { masks, warnings };
}

const SHOWN_NAMES = 8;

function unknownArray({ name }: TensorEntry, names: readonly string[]): UsageError {
  const more = names.length > SHOWN_NAMES ? ', …' : '';
  return new UsageError(
    `the mask file: found an array ${JSON.stringify(name)}, but no tensor of the model is called so; allowed: ${names.slice(0, SHOWN_NAMES).join(', ')}${more}`,
  );
}

function assertFits(array: TensorEntry, { name, shape }: TensorEntry): void {
  if (array.shape.join() !== shape.join()) {
    throw new UsageError(
      `the mask of ${name}: found the shape ${shapeText(array.shape)}; allowed: the tensor's own, ${shapeText(shape)}`,
    );
  }
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
