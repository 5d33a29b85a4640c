/**
 * The wasm heap ends at 4 GiB and is not checked when it is full, so weights may take at most this:
 * the rest is for activations and for the engine's own copies.
 */
export const MAX_WEIGHT_BYTES = 2.5 * 1024 ** 3;

/** What the values of one batch may take in the heap, which never shrinks. */
export const ACTIVATION_BUDGET_BYTES = 384 * 1024 ** 2;

/** What the values of one batch that is differentiated may take: all of them are kept for the way back. */
export const GRADIENT_BUDGET_BYTES = 768 * 1024 ** 2;

/** Larger batches are no faster, and a cancel waits for the batch in hand. */
export const MAX_BATCH_SAMPLES = 128;

/**
 * Of one value: 2 GiB of float32. The heap ends at 4 GiB, and an operator needs its input beside its output; a
 * file's own sizes (of a fill, a tile, a padding) must not make the process run out of memory.
 */
export const MAX_VALUE_ELEMENTS = 2 ** 29;

/**
 * Of all values in the heap and those that the next node makes: the heap ends at 4 GiB, its free parts lie
 * between others, and operators need room for themselves. It is not checked when it is full.
 */
export const MAX_LIVE_BYTES = 3 * 1024 ** 3;
