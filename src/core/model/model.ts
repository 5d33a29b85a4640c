import type { Graph } from '../graph/graph';
import type { ByteSource } from '../io';
import type { DType } from './dtype';

/** A run of bytes of one of the model's files. */
export interface Span {
  /** Index into {@link Model.files}. */
  readonly fileIndex: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Affine codes, as the TensorFlow.js converter writes them: value = float32(code * scale + min). */
export interface Quantization {
  readonly storedDType: 'uint8' | 'uint16' | 'float16';
  readonly scale: number;
  readonly min: number;
}

/** One named array of a model: what it is and where its bytes lie. Never its values. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** The element type the framework sees; for quantised tensors that of the dequantised values. */
  readonly dtype: DType;
  /** The type's name in the file where no {@link DType} says it (structured and string arrays). */
  readonly dtypeLabel?: string;
  readonly elementCount: number;
  /** Bytes of one stored element. */
  readonly storedElementBytes: number;
  /** The stored bytes in element order; an element may lie across two spans. */
  readonly spans: readonly Span[];
  readonly littleEndian: boolean;
  /** Elements are stored column by column (first index fastest). */
  readonly fortranOrder: boolean;
  readonly quantization?: Quantization;
  /** Optimizer variables are carried along, never pruned and not counted as parameters. */
  readonly role: 'parameter' | 'optimizer';
}

/** What a layer does, as far as pruning and display need it. */
export type LayerOperator =
  'dense' | 'conv2d' | 'depthwiseConv2d' | 'embedding' | 'normalization' | 'other';

/** A node with parameters, with the axes that its units lie on. */
export interface Layer {
  readonly name: string;
  readonly operator: LayerOperator;
  /** The operator as the source format calls it (`Conv2D`, `Dense`), or a guess from names and shapes. */
  readonly operatorLabel: string;
  /** Names of the layer's tensors in {@link Model.tensors}, weight first. */
  readonly parameters: readonly string[];
  /** The tensor that is pruned; absent where the layer has none. */
  readonly weight?: string;
  readonly bias?: string;
  /** Axis of {@link weight} that counts output units; null where it is not known. */
  readonly unitAxis: number | null;
  readonly unitCount: number | null;
  readonly prunable: boolean;
  /** Why not, as a key the host words and the command line prints. */
  readonly lockedBy: LockReason | null;
}

export type LockReason =
  'no-weight' | 'normalization' | 'dtype' | 'positional' | 'rank' | 'quantized' | 'compressed';

/** Something the user should know about a file that is readable all the same. */
export interface Notice {
  readonly code:
    | 'non-finite'
    | 'wrong-extension'
    | 'trailing-bytes'
    | 'skipped-member'
    | 'no-weights'
    | 'unsupported-operator'
    | 'duplicate-member';
  readonly message: string;
}

/** A checksum over bytes of the file that the format stores beside them. */
export interface ChecksummedRange {
  readonly name: string;
  readonly span: Span;
  readonly crc32: number;
  /** Where the little-endian CRC-32 itself stands, to be rewritten after an edit. */
  readonly crcOffsets: readonly { readonly fileIndex: number; readonly byteOffset: number }[];
}

/** An opened model: the header of its files, and the files to read weights from by ranges. */
export interface Model {
  /** `safetensors`, `safetensors-index` (a set of shards), `npy`, `npz` or `tfjs`. */
  readonly format: string;
  /** Format, version and writer in words, e.g. `TensorFlow.js layers model, Keras 2.15.0`. */
  readonly formatLabel: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly files: readonly ByteSource[];
  readonly tensors: readonly TensorEntry[];
  readonly layers: readonly Layer[];
  /** Present when the file, or the recipe's architecture, says how the tensors are connected. */
  readonly graph?: Graph;
  /** Why there is no graph, in words, where there is none. */
  readonly graphMissing?: string;
  readonly checksums: readonly ChecksummedRange[];
  readonly notices: readonly Notice[];
}

/** The type of the elements as they stand in the file. */
export function storedDTypeOf(tensor: TensorEntry): DType {
  return tensor.quantization?.storedDType ?? tensor.dtype;
}

/** Elements of all tensors that are not optimizer state. */
export function parameterCount(model: Model): number {
  let count = 0;
  for (const tensor of model.tensors) if (tensor.role === 'parameter') count += tensor.elementCount;
  return count;
}

/** The files on disk, without what was inflated into memory. */
export function storedFiles(model: Model): readonly ByteSource[] {
  return model.files.filter((file) => file.inMemory !== true);
}

/** Bytes of all files of the model on disk. */
export function modelByteLength(model: Model): number {
  return storedFiles(model).reduce((sum, file) => sum + file.byteLength, 0);
}

/** @throws Error when there is no such tensor: callers pass names taken from the model itself. */
export function tensorNamed(model: Model, name: string): TensorEntry {
  const tensor = model.tensors.find((entry) => entry.name === name);
  if (tensor === undefined) throw new Error(`the model has no tensor ${name}`);
  return tensor;
}
