/** Endings of files that PyTorch, PaddlePaddle and others write as pickles, in lower case. */
export const PICKLE_EXTENSIONS: readonly string[] = [
  '.pt',
  '.pth',
  '.bin',
  '.ckpt',
  '.pkl',
  '.pdparams',
  '.pdopt',
];

/** NumPy keeps arrays of objects as pickles. */
const MAY_HOLD_OBJECTS: readonly string[] = ['.npy', '.npz'];

/** Whether a file of this name is a pickle, which Python would execute when it loads it. */
export function isPickleName(file: string): boolean {
  return hasEnding(file, PICKLE_EXTENSIONS);
}

/** Whether a file of this name may hold a pickle, if only in a part. */
export function mayHoldPickle(file: string): boolean {
  return isPickleName(file) || hasEnding(file, MAY_HOLD_OBJECTS);
}

function hasEnding(file: string, endings: readonly string[]): boolean {
  const name = file.toLowerCase();
  return endings.some((ending) => name.endsWith(ending));
}
