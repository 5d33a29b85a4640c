// Caps of what a criterion holds in memory, each with its reason.

/** Weights of one layer whose filters are compared with each other: 1 GiB in float64. */
export const MAX_FILTER_WEIGHTS = 2 ** 27;

/** Weights of one layer that are sorted in memory: some 4 GiB with their ranks and scores. */
export const MAX_SORTED_WEIGHTS = 2 ** 27;

/** Weights whose derivatives are added up in float64 (512 MiB), above it in float32: engine and file need room too. */
export const MAX_WIDE_SUMS = 2 ** 26;

/** Weights whose exact second derivatives are asked for one by one: a pass forward and back over the data each. */
export const MAX_EXACT_SECOND_DERIVATIVES = 16_384;

/** Parameters of a network whose whole Hessian is inverted: 32 MiB a matrix, some 10 seconds an inversion. */
export const MAX_NETWORK_HESSIAN = 2048;
