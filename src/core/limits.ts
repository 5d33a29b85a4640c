// Every cap that a file could run into, in one place, each with its reason.

/** Weights are read in pieces of this size: large enough for full disk speed, small enough for a cache. */
export const CHUNK_BYTES = 4 * 1024 * 1024;

/** A safetensors header above this is refused: the reference implementation's own limit. */
export const MAX_SAFETENSORS_HEADER_BYTES = 100_000_000;

/** A TF.js model.json above this is refused: it is parsed in one piece, and real ones stay below 20 MB. */
export const MAX_MODEL_JSON_BYTES = 256 * 1024 * 1024;

/** JSON nested deeper than this is refused, as the safetensors reference does; JSON.parse recurses. */
export const MAX_JSON_DEPTH = 128;

/** A .npy header above this is refused: NumPy writes a few hundred bytes, versions 2 and 3 allow 4 GiB. */
export const MAX_NPY_HEADER_BYTES = 1024 * 1024;

/** The central directory of a zip is read in one piece; 64 MiB hold half a million members. */
export const MAX_ZIP_DIRECTORY_BYTES = 64 * 1024 * 1024;

/** Deflate cannot exceed 1032:1; a member claiming more than this ratio is taken for a bomb. */
export const MAX_INFLATE_RATIO = 200;

/**
 * Members smaller than this are inflated whatever their ratio: zeros pack that well, and it takes a
 * fraction of a second in constant space.
 */
export const INFLATE_RATIO_FREE_BYTES = 128 * 1024 * 1024;

/**
 * Deflate streams that are kept open to be read on; each holds some 300 KiB, and an archive may have
 * thousands of members.
 */
export const MAX_OPEN_INFLATERS = 8;

/** Tensors stored in another order of their axes are put in order in boxes of this size. */
export const MAX_REORDER_BYTES = 32 * 1024 * 1024;

/** Tensors may have at most this many axes: NumPy's own limit. */
export const MAX_RANK = 64;

/** Element and byte counts must stay exact in a double. */
export const MAX_SAFE_BYTES = Number.MAX_SAFE_INTEGER;

/**
 * The candidates of a selection are collected in memory only up to this many (16 bytes each): beyond
 * it the next bits are counted first.
 */
export const MAX_SELECTION_CANDIDATES = 1 << 20;

/** gzip sizes are measured without being asked up to this many bytes: about two seconds. */
export const MAX_UNASKED_GZIP_BYTES = 64 * 1024 * 1024;

/**
 * Nodes, tensors, attributes and names of one ONNX file, which are kept in memory (some 100 to 200 bytes
 * each). Models of a hundred thousand nodes have about 700,000.
 */
export const MAX_PROTOBUF_ITEMS = 1_000_000;

/** Fields of one protobuf file, which are looked at one by one: ten million take about a second. */
export const MAX_PROTOBUF_FIELDS = 10_000_000;

/** Names in a protobuf; real ones stay below a kilobyte. */
export const MAX_PROTOBUF_TEXT_BYTES = 1024 * 1024;

/** ONNX graphs inside attributes of nodes inside graphs, and function calls inside functions. */
export const MAX_ONNX_DEPTH = 32;

/** Nodes met in all calls of ONNX functions: functions that call others twice double with each level. */
export const MAX_ONNX_FUNCTION_NODES = 500_000;

/** A sparse tensor is shown as the dense one it stands for up to this size, which takes a fraction of a second. */
export const MAX_SPARSE_DENSE_BYTES = 256 * 1024 * 1024;

/** An ONNX file that is written in one piece: protobuf's own limit. */
export const MAX_ONNX_FILE_BYTES = 2 ** 31 - 1;

/** A pickle is read through a window of this size; only larger payloads are skipped. */
export const PICKLE_WINDOW_BYTES = 64 * 1024;

/** Text of a pickle is kept in memory up to this length, longer text is a range of the file: it is no name. */
export const MAX_PICKLE_TEXT_BYTES = 1024;

/** Text that a pickle may have kept in memory in all: a million names of 64 bytes. */
export const MAX_PICKLE_KEPT_TEXT_BYTES = 64 * 1024 * 1024;

/** A line of the text protocols that must be read as a whole (a number, a global); real ones are below 100. */
export const MAX_PICKLE_LINE_BYTES = 1024;

/** Whole numbers of a pickle are taken up to this many bytes: PyTorch's magic number has ten. */
export const MAX_PICKLE_LONG_BYTES = 64;

/** Steps of a pickle: about two seconds; a checkpoint of 10,000 tensors has half a million. */
export const MAX_PICKLE_OPCODES = 16_000_000;

/** Objects that a pickle may build, about 100 bytes each: with stack and memo they stay below 256 MB. */
export const MAX_PICKLE_OBJECTS = 1_000_000;

/** Entries of a pickle's memo, about 40 bytes each. */
export const MAX_PICKLE_MEMO = 2_000_000;

/** Values on a pickle's stack, 8 bytes each; lists are collected there before they are built. */
export const MAX_PICKLE_STACK = 4_000_000;

/** Containers within containers that are looked through for tensors; real checkpoints have about ten. */
export const MAX_PICKLE_DEPTH = 500;

/** Tensors of one pickle, also where shared containers list them again and again; real files have 100,000. */
export const MAX_PICKLE_TENSORS = 300_000;

/** Containers visited in the search for tensors: shared ones count each time. */
export const MAX_PICKLE_VISITS = 3_000_000;

/** Calls of a pickle that an audit lists; those with a bad verdict come on top. */
export const MAX_AUDITED_CALLS = 1000;

/** Runs of bytes that one strided view may be made of, and all views of a file: 40 bytes each in memory. */
export const MAX_VIEW_SPANS = 1 << 20;

/**
 * Tensors may claim at most this many times their file's bytes, by views that repeat and sparse
 * tensors that spread out: more is taken for a bomb, as with deflated members.
 */
export const MAX_ALIAS_RATIO = 200;

/** Aliased bytes up to this are allowed whatever the ratio. */
export const ALIAS_RATIO_FREE_BYTES = 16 * 1024 * 1024;

/** Bytes written as text are decoded in pieces of this size, of which each one's place is remembered. */
export const LATIN1_WINDOW_BYTES = 256 * 1024;

/** One structure of an HDF5 file is read in one piece; heaps with a whole configuration stay far below. */
export const MAX_HDF5_BLOCK_BYTES = 64 * 1024 * 1024;

/** Messages of one HDF5 object; attributes beyond 64 KiB each stand elsewhere. */
export const MAX_HDF5_HEADER_BYTES = 64 * 1024 * 1024;

/** Structures of an HDF5 file may share bytes, but all reads together stay below a few times its size. */
export const HDF5_READ_FACTOR = 16;
export const HDF5_READ_FREE_BYTES = 64 * 1024 * 1024;

/** Groups and data sets of an HDF5 file; each takes some hundred bytes of memory. */
export const MAX_HDF5_OBJECTS = 200_000;

/** Groups inside groups: paths grow with it. Keras needs two for each nested model. */
export const MAX_HDF5_DEPTH = 128;

/** Chunks of all data sets of an HDF5 file together, 32 bytes of memory each. */
export const MAX_HDF5_CHUNKS = 1 << 21;

/** A filtered HDF5 chunk is decoded in memory, in up to two copies; the library's own advice is 1 MiB. */
export const MAX_HDF5_CHUNK_BYTES = 64 * 1024 * 1024;

/** Decoded chunks kept, so that rows that run through several chunks are not decoded again and again. */
export const HDF5_CHUNK_CACHE_BYTES = 64 * 1024 * 1024;

/** What was never written takes no space in an HDF5 file: without a cap a few bytes could claim terabytes. */
export const MAX_HDF5_UNWRITTEN_BYTES = 64 * 1024 * 1024;

/** Scales of one quantised tensor, one for each channel, which are read while opening. */
export const MAX_QUANTIZER_SCALES = 1_000_000;

/** Values that a program may meet in a pickle, shared ones each time: a second's walk in Python. */
export const MAX_UNFOLDED_VALUES = 50_000_000;

/** A deflated HDF5 member of an archive is inflated in memory up to this: its structures lie all over it. */
export const MAX_INFLATED_HDF5_BYTES = 64 * 1024 * 1024;

/** Units of all layers that are ranked, some 100 bytes each: a large vocabulary has a quarter of a million. */
export const MAX_RANKED_UNITS = 1 << 22;

/**
 * Blocks of one tensor whose scores are kept in memory while they are ranked, 24 bytes each: blocks of two weights
 * in a tensor of 64 million.
 */
export const MAX_BLOCKS = 1 << 25;

/**
 * Arrays of an npz in sparse form may stand for this many bytes, and for as many times their archive's bytes
 * more: empty rows cost next to nothing, and without a cap a few bytes could claim terabytes.
 */
export const SPARSE_RATIO_FREE_BYTES = 256 * 1024 * 1024;
export const MAX_SPARSE_RATIO = 1024;
