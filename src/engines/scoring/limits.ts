// Caps of what a reconstruction holds in memory, each with its reason.

/** Inputs of one output: X X^T of 16,384 takes 2 GiB in float64, and solving by it two more matrices as large. */
export const MAX_PRODUCT_INPUTS = 16_384;

/** X X^T of the layers that are collected in one pass over the data; a larger one is collected alone. */
export const PRODUCT_BUDGET_BYTES = 1024 ** 3;
