/** Beyond this a confusion matrix is no longer read, and its text would be megabytes. */
export const MAX_CONFUSION_CLASSES = 200;

/** Where k of top-k is not chosen; of fewer classes, top-k tells nothing that accuracy does not. */
export const DEFAULT_TOP_K = 5;

/** Resamples of a bootstrap: Efron and Tibshirani (1993, ch. 14) ask for 1,000 to 2,000 for intervals. */
export const RESAMPLES = 2000;

/** Fewer resamples are taken of very many samples, of which each one tells more. */
export const MIN_RESAMPLES = 200;

/** Draws of one bootstrap: about a second. */
export const MAX_BOOTSTRAP_DRAWS = 100_000_000;

/** Expected and found numbers are kept for the interval of R² up to this many: 16 bytes each. */
export const MAX_KEPT_VALUES = 200_000;

/** Below this many samples on which two models differ, McNemar's test is exact. */
export const EXACT_MCNEMAR_BELOW = 25;

/** Of every interval: the share of repetitions whose interval holds the true value. */
export const CONFIDENCE_LEVEL = 0.95;
