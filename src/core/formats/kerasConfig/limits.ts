/** Layers of one model: real ones stay below a few thousand, and ordering them may look at each pair. */
export const MAX_LAYERS = 20_000;

/** Nodes after nested models are written out: nesting could otherwise double them at every level. */
export const MAX_NODES = 100_000;

/** Models inside models: the reader recurses. */
export const MAX_NESTING = 16;
