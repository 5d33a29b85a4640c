import type { Graph } from '../graph/graph';
import type { ByteSource, Crc32 } from '../io';
import type { JobControl } from '../progress';
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

/**
 * Integer codes whose real values the graph or the framework makes: value = (code - zeroPoint) * scale.
 * Statistics are of the codes; pruning ranks by the real values and writes the zero point.
 */
export interface AffineCodes {
  /** One scale, or one for each index along {@link axis}. */
  readonly scales: readonly number[];
  /** As many as scales. */
  readonly zeroPoints: readonly number[];
  readonly axis: number | null;
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
  /** Bytes of one stored element; a fraction where several are packed into bytes (0.5 for four bits). */
  readonly storedElementBytes: number;
  /** The stored bytes in element order; an element may lie across two spans. */
  readonly spans: readonly Span[];
  readonly littleEndian: boolean;
  /**
   * The axes from the slowest to the fastest varying as they are stored; null where that is C order.
   * Fortran order is the axes backwards.
   */
  readonly storageOrder: readonly number[] | null;
  readonly quantization?: Quantization;
  readonly affine?: AffineCodes;
  /** Optimizer variables are carried along, never pruned and not counted as parameters. */
  readonly role: 'parameter' | 'optimizer';
}

/** What a layer does, as far as pruning and display need it. */
export type LayerOperator =
  | 'dense'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'depthwiseConv2d'
  | 'convTranspose'
  | 'recurrent'
  | 'embedding'
  | 'normalization'
  | 'other';

/** A node with parameters, with the axes that its units lie on. */
export interface Layer {
  readonly name: string;
  readonly operator: LayerOperator;
  /** The operator as the source format calls it (`Conv2D`, `Dense`), or a guess from names and shapes. */
  readonly operatorLabel: string;
  /** Nothing in the file says what the layer is: operator and unit axis are a guess from names and shapes. */
  readonly guessed?: true;
  /** Names of the layer's tensors in {@link Model.tensors}, weight first. */
  readonly parameters: readonly string[];
  /** The tensor that is pruned; absent where the layer has none. */
  readonly weight?: string;
  readonly bias?: string;
  /**
   * By the name of a parameter: the tensor of the same shape that it is multiplied with where it is used, 0 where
   * it is pruned. Absent where there are none.
   */
  readonly masks?: Readonly<Record<string, string>>;
  /** Axis of {@link weight} that counts output units; null where it is not known. */
  readonly unitAxis: number | null;
  readonly unitCount: number | null;
  readonly prunable: boolean;
  /** Why not, as a key the host words and the command line prints. */
  readonly lockedBy: LockReason | null;
}

export type LockReason =
  | 'no-weight'
  | 'normalization'
  | 'dtype'
  | 'positional'
  | 'rank'
  /** Integer codes of which none stands for exactly zero, or whose zero point is not known. */
  | 'quantized'
  | 'compressed'
  /** Its bytes are also those of another tensor, which is pruned in its stead or protected. */
  | 'shared';

/** Something the user should know about a file that is readable all the same. */
export interface Notice {
  readonly code:
    | 'non-finite'
    | 'wrong-extension'
    | 'trailing-bytes'
    | 'skipped-member'
    | 'no-weights'
    | 'unsupported-operator'
    | 'duplicate-member'
    | 'duplicate-name'
    | 'untrusted-pickle'
    | 'dangling-input'
    | 'unsafe-layer'
    | 'tied-tensors';
  readonly message: string;
}

/** A checksum over bytes of the file that the format stores beside them. */
export interface ChecksummedRange {
  readonly name: string;
  readonly span: Span;
  readonly crc32: number;
  /** Computes it. */
  readonly update: Crc32;
  /** Where the little-endian CRC-32 itself stands, to be rewritten after an edit. */
  readonly crcOffsets: readonly { readonly fileIndex: number; readonly byteOffset: number }[];
}

/**
 * A file of the model whose bytes hold other files of it in another form: members deflated, data sets
 * in filtered chunks, numbers as text. It writes itself anew when the decoded content changes.
 */
export interface Container {
  /** Index into {@link Model.files} of the file that holds the parts. */
  readonly fileIndex: number;
  /** Indices into {@link Model.files} of the parts; those files are `derived`. */
  readonly parts: readonly number[];
  /** Indices into {@link Model.files} of files that it names, or keeps checksums of. */
  readonly refersTo?: readonly number[];
  /**
   * Writes the container with the content of some parts changed and everything else as it was.
   * @throws IoError, FormatError, CancelledError.
   */
  rewrite(job: RewriteJob): Promise<void>;
}

/** What a {@link Container} is to write. */
export interface RewriteJob {
  /** The container's own bytes, with the cuts of tensors that lie in them directly already made. */
  readonly original: ByteSource;
  /** Ranges of `original` that such cuts may have changed: checksums over them are to be renewed. */
  readonly editedSpans: readonly Span[];
  /** The new decoded content of the changed parts, by file index, from its start. */
  readonly changed: ReadonlyMap<number, PartContent>;
  /** All files of the model that get other bytes, by index. */
  readonly changedFiles: ReadonlySet<number>;
  /** The names that other files of the model get, by those they had; unchanged ones are not listed. */
  readonly newNames: ReadonlyMap<string, string>;
  /** Bytes may be written in any order. */
  readonly sink: { write(byteOffset: number, bytes: Uint8Array): Promise<void> };
  readonly control: JobControl;
}

/** The new bytes of a part: as long as the old ones, unless the part is a container itself. */
export interface PartContent {
  readonly byteLength: number;
  /** Chunks in order, each valid only until the next is asked for. May be called again. */
  chunks(): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** Something that a model takes or gives. */
export interface ModelValue {
  readonly name: string;
  /** A size, the name of one that is left open, or null where nothing is said. */
  readonly shape: readonly (number | string | null)[];
  /** Null where the file does not say it. */
  readonly dtype: DType | null;
}

/** What a model takes and gives, as its file says it. */
export interface ModelInterface {
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
}

/** An opened model: the header of its files, and the files to read weights from by ranges. */
export interface Model {
  /** The format's name in the registry, e.g. `safetensors`, `safetensors-index` (a set of shards), `npz`. */
  readonly format: string;
  /** Format, version and writer in words, e.g. `TensorFlow.js layers model, Keras 2.15.0`. */
  readonly formatLabel: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly files: readonly ByteSource[];
  readonly tensors: readonly TensorEntry[];
  readonly layers: readonly Layer[];
  /** Present when the file, or the recipe's architecture, says how the tensors are connected. */
  readonly graph?: Graph;
  /**
   * The graph again, for inputs of these shapes (the batch first, nothing open): where the format computes
   * with shapes, more can be run once they are known. Absent where {@link graph} says all.
   * @throws FormatError where the shapes do not fit the graph.
   */
  readonly lowerGraph?: (inputShapes: readonly (readonly number[])[]) => Graph;
  /** Why there is no graph, in words, where there is none. */
  readonly graphMissing?: string;
  /** Where the file says what the model takes and gives without there being a {@link graph}. */
  readonly interface?: ModelInterface;
  readonly checksums: readonly ChecksummedRange[];
  /** The file was packed without its zeros: it is read as what it unpacks to, and has to be unpacked to be pruned. */
  readonly packed?: true;
  /** The files that hold {@link ByteSource.derived} ones; a container may be derived itself. */
  readonly containers?: readonly Container[];
  readonly notices: readonly Notice[];
}

/** The type of the elements as they stand in the file. */
export function storedDTypeOf(tensor: TensorEntry): DType {
  return tensor.quantization?.storedDType ?? tensor.dtype;
}

/** Bytes that the first `elementCount` elements of a tensor take as stored. */
export function storedByteLength(tensor: TensorEntry, elementCount = tensor.elementCount): number {
  return Math.ceil(elementCount * tensor.storedElementBytes);
}

/** Elements of all tensors that are not optimizer state. */
export function parameterCount(model: Model): number {
  let count = 0;
  for (const tensor of model.tensors) if (tensor.role === 'parameter') count += tensor.elementCount;
  return count;
}

/** The files on disk, without those that are decoded from others. */
export function storedFiles(model: Model): readonly ByteSource[] {
  return model.files.filter((file) => file.derived !== true);
}

/** Bytes of all files of the model on disk. */
export function modelByteLength(model: Model): number {
  return storedFiles(model).reduce((sum, file) => sum + file.byteLength, 0);
}

/** Models are immutable and may have tens of thousands of tensors, each looked up by several layers. */
const indices = new WeakMap<readonly TensorEntry[], ReadonlyMap<string, TensorEntry>>();

/** @throws Error when there is no such tensor: callers pass names taken from the model itself. */
export function tensorNamed({ tensors }: Model, name: string): TensorEntry {
  const index = indices.get(tensors) ?? new Map(tensors.map((one) => [one.name, one]));
  indices.set(tensors, index);
  const tensor = index.get(name);
  if (tensor === undefined) throw new Error(`the model has no tensor ${name}`);
  return tensor;
}
