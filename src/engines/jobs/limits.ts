/** Samples are prepared once for all versions of the model, as long as they fit in here. */
export const KEPT_BATCHES_BYTES = 256 * 1024 ** 2;

/** Samples of all versions whose figures wait for common draws: 32 bytes each. */
export const MAX_WAITING_SCORES = 4_000_000;
