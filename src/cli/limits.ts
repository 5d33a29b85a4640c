/** Steps of one range of numbers, `from:to:step`: each is a model that is pruned and evaluated, so more is a slip. */
export const MAX_RANGE_STEPS = 1000;
