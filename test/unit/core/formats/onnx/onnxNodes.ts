import { field, integerField, message, node, tensor, varint } from './onnxBytes';

/** Element types that tests pass to models, by name as in TensorProto.DataType. */
export type ArrayType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

const DATA_TYPES: Readonly<Record<ArrayType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** Numbers with a shape, of an element type of ONNX. */
export interface OnnxArray {
  readonly type: ArrayType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The elements as raw_data has them. */
export function rawBytes({ type, values }: OnnxArray): Buffer {
  switch (type) {
    case 'float32':
      return Buffer.from(Float32Array.from(values).buffer);
    case 'int32':
      return Buffer.from(Int32Array.from(values).buffer);
    case 'int64':
      return Buffer.from(BigInt64Array.from(values, BigInt).buffer);
    case 'int8':
      return Buffer.from(Int8Array.from(values).buffer);
    case 'uint8':
    case 'bool':
      return Buffer.from(values);
  }
}

/** A TensorProto. */
export function arrayTensor(name: string, array: OnnxArray): Buffer {
  const dataType = DATA_TYPES[array.type];
  return tensor({ name, dims: array.shape, dataType, data: field(9, rawBytes(array)) });
}

/** A ValueInfoProto; sizes may have names. */
export function valueInfo(
  name: string,
  type: ArrayType,
  shape: readonly (number | string)[],
): Buffer {
  const dimensions = shape.map((size) =>
    field(1, typeof size === 'number' ? integerField(1, size) : field(2, size)),
  );
  const tensorType = message([integerField(1, DATA_TYPES[type]), field(2, message(dimensions))]);
  return message([field(1, name), field(2, field(1, tensorType))]);
}

/** What an attribute may be: `{ float }` for floats, because numbers alone are taken for integers. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxArray }
  | { readonly graph: Buffer };

/** An AttributeProto. */
export function attribute(name: string, value: AttributeValue): Buffer {
  return message([field(1, name), ...attributeFields(value)]);
}

function attributeFields(value: AttributeValue): readonly Buffer[] {
  if (typeof value === 'number') return [integerField(3, value), integerField(20, 2)];
  if (typeof value === 'string') return [field(4, value), integerField(20, 3)];
  if ('float' in value) return [floatField(2, value.float), integerField(20, 1)];
  if ('floats' in value) {
    return [...value.floats.map((one) => floatField(7, one)), integerField(20, 6)];
  }
  if ('tensor' in value) return [field(5, arrayTensor('', value.tensor)), integerField(20, 4)];
  if ('graph' in value) return [field(6, value.graph), integerField(20, 5)];
  const texts = value.filter((one) => typeof one === 'string');
  if (texts.length > 0) return [...texts.map((one) => field(9, one)), integerField(20, 8)];
  const ints = value.filter((one) => typeof one === 'number');
  return [...ints.map((one) => integerField(8, one)), integerField(20, 7)];
}

function floatField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8 + 5), Buffer.from(Float32Array.of(value).buffer)]);
}

/** A node as tests write it. */
export interface NodeSpec {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** A NodeProto. */
export function nodeOf({ op, domain, inputs, outputs, attributes = {} }: NodeSpec): Buffer {
  return node({
    opType: op,
    inputs,
    ...(domain === undefined ? {} : { domain }),
    ...(outputs === undefined ? {} : { outputs }),
    attributes: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  });
}

/** A whole model of a few nodes. */
export interface ModelSpec {
  /** Version of the standard operators. */
  readonly opset: number;
  readonly nodes: readonly NodeSpec[];
  readonly inputs: Readonly<Record<string, OnnxArray>>;
  readonly initializers?: Readonly<Record<string, OnnxArray>>;
  /** Names of outputs; `y` without it. */
  readonly outputs?: readonly string[];
  /** Inputs whose first size is declared open. */
  readonly open?: readonly string[];
  /** Whole FunctionProtos. */
  readonly functions?: readonly Buffer[];
}

/** A ModelProto. */
export function modelBytes(spec: ModelSpec): Buffer {
  const open = new Set(spec.open ?? []);
  const graph = message([
    ...spec.nodes.map((one) => field(1, nodeOf(one))),
    field(2, 'main'),
    ...Object.entries(spec.initializers ?? {}).map(([name, one]) =>
      field(5, arrayTensor(name, one)),
    ),
    ...Object.entries(spec.inputs).map(([name, { type, shape }]) => {
      const declared = open.has(name) ? ['batch', ...shape.slice(1)] : shape;
      return field(11, valueInfo(name, type, declared));
    }),
    // Without a type, which the runtime infers.
    ...(spec.outputs ?? ['y']).map((name) => field(12, field(1, name))),
  ]);
  return message([
    integerField(1, spec.opset >= 23 ? 11 : spec.opset >= 21 ? 10 : 8),
    field(7, graph),
    field(8, integerField(2, spec.opset)),
    field(8, message([field(1, 'com.microsoft'), integerField(2, 1)])),
    field(8, message([field(1, 'own'), integerField(2, 1)])),
    ...(spec.functions ?? []).map((one) => field(25, one)),
  ]);
}
