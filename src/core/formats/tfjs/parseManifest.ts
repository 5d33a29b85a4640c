import { FormatError, type Place, UnsupportedError } from '../../errors';
import { bytesPerElement, type DType } from '../../model/dtype';
import type { Quantization } from '../../model/model';
import { describeJson, isJsonObject, type JsonObject } from '../parseJson';
import { assertShape, countElements } from '../shape';

/** One group of the weights manifest: its shards and the weights that lie in them one after the other. */
export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

/** One entry of a manifest, with the place of its bytes in the group's concatenated shards. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly elementCount: number;
  readonly storedElementBytes: number;
  readonly quantization?: Quantization;
  readonly role: 'parameter' | 'optimizer';
  readonly groupOffset: number;
  readonly byteLength: number;
}

const FORMAT = 'tfjs';
const DTYPES: readonly DType[] = ['float32', 'int32', 'bool', 'complex64', 'float16'];
const STORED_DTYPES = ['uint8', 'uint16', 'float16'] as const;

/**
 * The groups of `weightsManifest`.
 * @throws FormatError naming group and weight.
 * Source: WeightsManifestConfig of TensorFlow.js 4.22, tfjs-core/src/io/types.ts.
 */
export function parseManifest(manifest: unknown): readonly ManifestGroup[] {
  if (!Array.isArray(manifest)) throw bad('weightsManifest', manifest, 'a list of groups');
  return manifest.map((group: unknown, index) => parseGroup(group, `weightsManifest[${index}]`));
}

function parseGroup(group: unknown, place: string): ManifestGroup {
  if (!isJsonObject(group)) throw bad(place, group, 'an object with paths and weights');
  const { paths, weights } = group;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) {
    throw bad(`${place}.paths`, paths, 'a list of file names');
  }
  if (!Array.isArray(weights)) throw bad(`${place}.weights`, weights, 'a list of weights');
  let groupOffset = 0;
  const specs = weights.map((weight: unknown, index) => {
    const spec = parseWeight(weight, `${place}.weights[${index}]`, groupOffset);
    groupOffset += spec.byteLength;
    return spec;
  });
  return { paths, weights: specs };
}

function parseWeight(weight: unknown, place: string, groupOffset: number): WeightSpec {
  if (!isJsonObject(weight)) throw bad(place, weight, 'an object');
  const { name } = weight;
  if (typeof name !== 'string') throw bad(`${place}.name`, name, 'text');
  const where: Place = { format: FORMAT, place: `weight ${JSON.stringify(name)}` };
  const dtype = parseDType(weight['dtype'], where);
  const quantization = parseQuantization(weight['quantization'], where);
  const storedElementBytes = bytesPerElement(quantization?.storedDType ?? dtype);
  const shape = assertShape(weight['shape'], where);
  const elementCount = countElements(shape, storedElementBytes, where);
  return {
    name,
    shape,
    dtype,
    elementCount,
    storedElementBytes,
    ...(quantization === null ? {} : { quantization }),
    role: weight['group'] === 'optimizer' ? 'optimizer' : 'parameter',
    groupOffset,
    byteLength: elementCount * storedElementBytes,
  };
}

function parseDType(value: unknown, where: Place): Exclude<DType, 'string'> {
  if (value === 'string') {
    throw new UnsupportedError({
      feature: `${where.format}, ${where.place}`,
      found: 'text values',
      supported: DTYPES.join(', '),
    });
  }
  const dtype = DTYPES.find((known) => known === value);
  if (dtype === undefined || dtype === 'string') {
    throw new FormatError({
      ...where,
      found: `dtype ${describeJson(value)}`,
      allowed: DTYPES.join(', '),
    });
  }
  return dtype;
}

function parseQuantization(value: unknown, where: Place): Quantization | null {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) throw bad(`${where.place}: quantization`, value, 'an object');
  const storedDType = STORED_DTYPES.find((known) => known === value['dtype']);
  if (storedDType === undefined) {
    throw bad(`${where.place}: quantization.dtype`, value['dtype'], STORED_DTYPES.join(', '));
  }
  // TF.js widens float16 without scale and offset.
  if (storedDType === 'float16') return { storedDType, scale: 1, min: 0 };
  return {
    storedDType,
    scale: finite(value, 'scale', where),
    min: finite(value, 'min', where),
  };
}

function finite(quantization: JsonObject, key: string, where: Place): number {
  const value = quantization[key];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw bad(`${where.place}: quantization.${key}`, value, 'a finite number');
  }
  return value;
}

function bad(place: string, found: unknown, allowed: string): FormatError {
  return new FormatError({ format: FORMAT, place, found: describeJson(found), allowed });
}
