// Caps of what a criterion holds in memory, each with its reason.

/** Weights of one layer whose filters are compared with each other: 1 GiB in float64. */
export const MAX_FILTER_WEIGHTS = 2 ** 27;

/** Weights of one layer that are sorted in memory: some 4 GiB with their ranks and scores. */
export const MAX_SORTED_WEIGHTS = 2 ** 27;
