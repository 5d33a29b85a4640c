// Writes small ONNX files by hand, byte by byte, so that tests can say what stands where.

/** A varint of a whole number; negative ones take ten bytes. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? group | 0x80 : group);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** A length-delimited field. */
export function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A whole-number field. */
export function integerField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** Fields, one after the other. */
export function message(fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

export interface TensorBytes {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** The fields that hold the numbers. */
  readonly data: Buffer;
}

/** A TensorProto. */
export function tensor({ name, dims, dataType, data }: TensorBytes): Buffer {
  const sizes = dims.map((size) => integerField(1, size));
  return message([...sizes, integerField(2, dataType), field(8, name), data]);
}

/** A TensorProto of float32 in raw_data. */
export function floatTensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): Buffer {
  const raw = Buffer.from(Float32Array.from(values).buffer);
  return tensor({ name, dims, dataType: 1, data: field(9, raw) });
}

export interface NodeBytes {
  readonly opType: string;
  readonly name?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  /** Whole AttributeProtos. */
  readonly attributes?: readonly Buffer[];
}

/** A NodeProto. */
export function node(given: NodeBytes): Buffer {
  return message([
    ...given.inputs.map((name) => field(1, name)),
    ...(given.outputs ?? ['y']).map((name) => field(2, name)),
    ...(given.name === undefined ? [] : [field(3, given.name)]),
    field(4, given.opType),
    ...(given.attributes ?? []).map((attribute) => field(5, attribute)),
    ...(given.domain === undefined ? [] : [field(7, given.domain)]),
  ]);
}

export interface GraphBytes {
  readonly nodes: readonly Buffer[];
  readonly initializers?: readonly Buffer[];
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly name?: string;
}

/** A GraphProto. */
export function graph(given: GraphBytes): Buffer {
  return message([
    ...given.nodes.map((one) => field(1, one)),
    field(2, given.name ?? 'main'),
    ...(given.initializers ?? []).map((one) => field(5, one)),
    ...(given.inputs ?? ['x']).map((name) => field(11, field(1, name))),
    ...(given.outputs ?? ['y']).map((name) => field(12, field(1, name))),
  ]);
}

/** A ModelProto around a graph, with functions. */
export function modelOf(graphBytes: Buffer, functions: readonly Buffer[] = []): Buffer {
  const opset = field(8, integerField(2, 21));
  const parts = functions.map((one) => field(25, one));
  return message([integerField(1, 10), field(2, 'hand'), field(7, graphBytes), opset, ...parts]);
}

/** A ModelProto of one node. */
export function model(given: {
  readonly initializers: readonly Buffer[];
  readonly node: NodeBytes;
}): Buffer {
  return modelOf(graph({ nodes: [node(given.node)], initializers: given.initializers }));
}
