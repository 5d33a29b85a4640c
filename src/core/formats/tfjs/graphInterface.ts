import type { DType } from '../../model/dtype';
import type { ModelInterface, ModelValue } from '../../model/model';
import { isJsonObject, type JsonObject } from '../parseJson';

const DTYPES: Readonly<Record<string, DType>> = {
  DT_FLOAT: 'float32',
  DT_DOUBLE: 'float64',
  DT_HALF: 'float16',
  DT_BFLOAT16: 'bfloat16',
  DT_INT64: 'int64',
  DT_INT32: 'int32',
  DT_INT16: 'int16',
  DT_INT8: 'int8',
  DT_UINT8: 'uint8',
  DT_BOOL: 'bool',
  DT_COMPLEX64: 'complex64',
  DT_STRING: 'string',
};

/**
 * What a graph model takes and gives, by its signature; null where it has none. What is malformed says
 * nothing, because nothing depends on it.
 * Source: ISignatureDef of TensorFlow.js 4.22, tfjs-converter/src/data/compiled_api.ts.
 */
export function graphInterface(json: JsonObject): ModelInterface | null {
  const metadata = json['userDefinedMetadata'];
  const signature =
    json['signature'] ?? (isJsonObject(metadata) ? metadata['signature'] : undefined);
  if (!isJsonObject(signature)) return null;
  return { inputs: valuesOf(signature['inputs']), outputs: valuesOf(signature['outputs']) };
}

function valuesOf(infos: unknown): readonly ModelValue[] {
  if (!isJsonObject(infos)) return [];
  return Object.entries(infos).map(([name, info]) => {
    const { dtype, tensorShape } = isJsonObject(info) ? info : {};
    const known = typeof dtype === 'string' && Object.hasOwn(DTYPES, dtype);
    return { name, shape: shapeOf(tensorShape), dtype: known ? (DTYPES[dtype] ?? null) : null };
  });
}

function shapeOf(shape: unknown): readonly (number | null)[] {
  const sizes = isJsonObject(shape) ? shape['dim'] : undefined;
  if (!Array.isArray(sizes)) return [];
  return sizes.map((size: unknown) => {
    const value = isJsonObject(size) ? Number(size['size']) : NaN;
    return Number.isSafeInteger(value) && value >= 0 ? value : null;
  });
}
