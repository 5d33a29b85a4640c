/** Loading TensorFlow takes a second or two; a cold disk, and a scanner that reads 300 MB first, several times that. */
export const ENGINE_CHECK_MS = 60_000;

/** Models that are kept open between requests: a window looks at a few at a time, and each keeps its files open. */
export const KEPT_SESSIONS = 6;

/** Entries of a folder of data whose state is looked at, a system call each: classes, of which ImageNet-21k has 21,841, or arrays. */
export const MAX_DATA_ENTRIES = 32_768;

/** Score files that are kept open for further plans: several criteria on a few models. */
export const KEPT_SCORES = 24;

/** On the disk of the system's temporary files; of a model of 100 million weights that is two or three. */
export const KEPT_SCORES_BYTES = 1024 ** 3;

/** Units of one layer whose scores are drawn: more bars than pixels say nothing, and each is a row of a table. */
export const MAX_SHOWN_UNITS = 4096;
