/** Loading TensorFlow takes a second or two; a cold disk, and a scanner that reads 300 MB first, several times that. */
export const ENGINE_CHECK_MS = 60_000;
