/** Loading TensorFlow takes a second or two; a cold disk, and a scanner that reads 300 MB first, several times that. */
export const ENGINE_CHECK_MS = 60_000;

/** Score files that are kept open for further plans: several criteria on a few models. */
export const KEPT_SCORES = 24;

/** On the disk of the system's temporary files; of a model of 100 million weights that is two or three. */
export const KEPT_SCORES_BYTES = 1024 ** 3;

/** Units of one layer whose scores are drawn: more bars than pixels say nothing, and each is a row of a table. */
export const MAX_SHOWN_UNITS = 4096;
