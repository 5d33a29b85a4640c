// Caps of what is computed while a graph is lowered.

/** Elements of one array known while lowering: positions of a long sequence fit, weights do not. */
export const MAX_HOST_ELEMENTS = 65_536;

/** Elements that one lowering may compute in all: about a second. */
export const MAX_HOST_WORK = 16_000_000;

/** Axes of an array known while lowering; that of a tensor in a file is bounded likewise. */
export const MAX_HOST_RANK = 64;

/** Elements of a filled array that a graph may ask for: 256 MB as float32. */
export const MAX_FILL_ELEMENTS = 1 << 26;

/** Inputs and outputs of one node of the file: they become arguments of functions, which the stack bounds. */
export const MAX_NODE_VALUES = 16_384;
