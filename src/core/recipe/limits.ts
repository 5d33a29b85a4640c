/** The error of the estimate falls with their root: more would take for ever and tell no more. */
export const MAX_PROBES = 10_000;

/** A schedule of more steps scores for ever; the field uses tens. */
export const MAX_SCHEDULE_STEPS = 1000;
