// Caps of what is read and written while an ONNX graph is lowered.

/** Integers of a tensor that is read when the file is opened: shapes, axes, and positions of a short sequence. */
export const MAX_SMALL_INTEGERS = 1024;

/** Floats of such a tensor: bounds, scales of a resize. Longer ones are weights. */
export const MAX_SMALL_FLOATS = 16;

/** Tensors read when a file is opened, each by a small read: about a second. */
export const MAX_SMALL_TENSORS = 50_000;

/** Nodes that a lowered graph may have, with those of functions and branches written out: as many as a file may have. */
export const MAX_LOWERED_NODES = 1_000_000;

/** Pairs of a place and an update that a scatter by computed indices looks at: 64 MiB of marks. */
export const MAX_SCATTER_CELLS = 2 ** 24;
