/** More curves than this cannot be told apart, and each takes scores and evaluations of its own. */
export const MAX_METHODS = 64;

/** Steps of half a point from 0 to 1. */
export const MAX_SPARSITIES = 200;

/** Draws of calibration data; a deviation needs tens at most. */
export const MAX_SEEDS = 100;

/** Evaluations of one sweep, or of one measurement of sensitivity: days, beyond this. */
export const MAX_CELLS = 20_000;

/** Evaluations of one compute child: what a child that dies loses, and how often figures come. */
export const MAX_VARIANTS_A_JOB = 25;

/** Masks and new weights that are held and sent to a child at once. */
export const MAX_CUT_BYTES = 64 * 1024 ** 2;

/** Jobs for each child that runs at a time: enough that none idles at the end for long. */
export const JOBS_A_CHILD = 2;
