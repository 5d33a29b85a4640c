import type { WireMessage, WireRange } from './protobuf/wireReader';

// What is kept of the messages of an ONNX file: where things lie, never weights.
// Source: onnx.proto of ONNX 1.23 (IR version 13); field numbers stand in the readers.

/** A ModelProto. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number;
  readonly docString: string;
  /** Version by domain; the standard domain is called `ai.onnx`. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadataProps: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  /** Initialization and algorithm of the training information. */
  readonly trainingGraphs: readonly OnnxGraph[];
}

/** A GraphProto. */
export interface OnnxGraph {
  name: string;
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
  readonly sparseInitializers: OnnxSparseTensor[];
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
}

/** A FunctionProto: its graph has names for inputs and outputs only. */
export interface OnnxFunction {
  readonly domain: string;
  readonly overload: string;
  readonly graph: OnnxGraph;
  /** Of the operators in its graph. */
  readonly opsets: ReadonlyMap<string, number>;
  /** What attributes are where a call does not give them. */
  readonly attributeDefaults: ReadonlyMap<string, OnnxAttribute>;
}

/** A NodeProto. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** Empty for the standard domain. */
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** An AttributeProto; lists are kept up to the length of a shape. */
export interface OnnxAttribute {
  readonly name: string;
  /** In a function: the attribute of the call that this one is; empty elsewhere. */
  readonly reference: string;
  readonly int: number | null;
  readonly float: number | null;
  readonly text: string | null;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly texts: readonly string[];
  /** A list was longer than a shape: it is left in the file, and empty here. */
  readonly isCut: boolean;
  readonly tensor: OnnxTensor | null;
  readonly sparse: OnnxSparseTensor | null;
  readonly graphs: readonly OnnxGraph[];
}

/** A ValueInfoProto of a tensor. */
export interface OnnxValue {
  readonly name: string;
  /** Number of the element type; null where the value is no tensor. */
  readonly dataType: number | null;
  /** A size, the name of one, or null where nothing is said. */
  readonly shape: readonly (number | string | null)[];
  /** Whether a shape is given, so that an empty one is that of a scalar. */
  readonly hasShape: boolean;
}

/** A TensorProto. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly raw: WireRange | null;
  /** Runs of the typed fields (float_data, …) by field number. */
  readonly typed: ReadonlyMap<number, readonly WireRange[]>;
  readonly strings: readonly WireRange[];
  readonly external: OnnxExternalData | null;
  readonly isSegment: boolean;
  /** Where the message begins. */
  readonly byteOffset: number;
}

/** Where a tensor's bytes lie outside the file. */
export interface OnnxExternalData {
  readonly location: string;
  readonly offset: string | undefined;
  readonly length: string | undefined;
  /** The text of `location` in the file, to be replaced when that file gets another name. */
  readonly locationText: WireMessage | null;
  /** The whole entry of the checksum with its tag, if there is one, and the message around it. */
  readonly checksum: { readonly range: WireRange; readonly parent: WireMessage } | null;
}

/** A SparseTensorProto in coordinate form. */
export interface OnnxSparseTensor {
  readonly values: OnnxTensor;
  readonly indices: OnnxTensor;
  readonly dims: readonly number[];
}
