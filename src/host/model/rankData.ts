import path from 'node:path';

/** Endings of files that hold data as it is. */
const DATA_ENDINGS = ['npz', 'npy', 'csv', 'tsv', 'jsonl', 'ndjson', 'parquet', 'idx'];

/** Endings that a dialog for data shows; any picture stands for the folder of its class's folder. */
export const DATA_DIALOG_ENDINGS: readonly string[] = [...DATA_ENDINGS, 'gz', 'png', 'jpg', 'jpeg'];

/** MNIST's own names have no ending. */
const IDX_NAMES = /[-.]idx\d+-ubyte(\.gz)?$/iu;
const PICTURES = /\.(png|jpe?g)$/iu;

/** Folder names that promise data. */
const DATA_FOLDERS = /^(?:data|dataset|datasets|test|val|valid|validation)$/iu;

/** Whether a file may hold the rows and labels of a data set, by its name. */
export function isDataFile(file: string): boolean {
  return DATA_ENDINGS.includes(path.extname(file).slice(1).toLowerCase()) || IDX_NAMES.test(file);
}

/**
 * The data that a file chosen in a dialog stands for. Dialogs on Linux and Windows choose either files or
 * folders, so a folder of pictures is chosen by any picture of a class.
 */
export function dataOfChosenFile(file: string): string {
  return PICTURES.test(file) ? path.dirname(path.dirname(file)) : file;
}

/** Whether a folder near a model is worth a look for data, by its name. */
export function isDataFolder(name: string): boolean {
  return DATA_FOLDERS.test(name);
}

/**
 * Data files in the order in which they are offered: those used before, then the nearest, then by
 * name. Never the model itself.
 */
export function rankData(
  modelPath: string,
  files: readonly string[],
  used: readonly string[],
): readonly string[] {
  // What was used before may be a folder.
  const candidates = [...new Set(files)].filter(
    (file) => file !== modelPath && (isDataFile(file) || used.includes(file)),
  );
  const folder = path.dirname(modelPath);
  const rank = (file: string): number => {
    const index = used.indexOf(file);
    return index < 0 ? used.length + steps(folder, path.dirname(file)) : index;
  };
  return candidates.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** How many folders one goes up and down between two folders. */
function steps(from: string, to: string): number {
  const relative = path.relative(from, to);
  return relative === '' ? 0 : relative.split(path.sep).length;
}
