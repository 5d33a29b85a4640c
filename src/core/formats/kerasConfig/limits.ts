/** Layers of one model: real ones stay below a few thousand, and ordering them may look at each pair. */
export const MAX_LAYERS = 20_000;

/** Nodes after nested models are written out: nesting could otherwise double them at every level. */
export const MAX_NODES = 100_000;

/** Models inside models: the reader recurses. */
export const MAX_NESTING = 16;

/** Axes of one value: Keras' own layers use five at most. */
export const MAX_RANK = 16;

/** Numbers of an array that stands in the configuration: masks and tables of positions, not weights. */
export const MAX_CONSTANT_ELEMENTS = 1_000_000;

/** Cells stacked in one layer: each of them is a node. */
export const MAX_STACKED_CELLS = 256;

/** Layers that wrap layers: the reader recurses. */
export const MAX_WRAPPERS = 8;

/** Parts that one layer may cut a value into: each is a value. */
export const MAX_PARTS = 1_024;
