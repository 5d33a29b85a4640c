/** Tensors whose elements are read at open, because they may say sizes or axes. */
export const MAX_SMALL_TENSORS = 20_000;

/** Elements of an integer tensor that may be sizes, axes or places. */
export const MAX_SMALL_INTEGERS = 4_096;

/** Elements of a float tensor that may be a setting, such as the value that padding has. */
export const MAX_SMALL_FLOATS = 16;

/** Elements of all small tensors together. */
export const MAX_SMALL_ELEMENTS = 4_000_000;

/** Nodes of one graph: real ones stay below ten thousand. */
export const MAX_GRAPH_NODES = 200_000;

/** Parts that one node may make of a value: each is a node. */
export const MAX_PARTS = 1_024;
