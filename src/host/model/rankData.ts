import path from 'node:path';

const DATA_EXTENSIONS: readonly string[] = ['.npz', '.csv'];

/** Folder names that promise data. */
const DATA_FOLDERS = /^(?:data|dataset|datasets|test|val|valid|validation)$/iu;

/** Whether a file may hold the rows and labels of a data set, by its name. */
export function isDataFile(file: string): boolean {
  return DATA_EXTENSIONS.includes(path.extname(file).toLowerCase());
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
  const candidates = [...new Set(files)].filter((file) => file !== modelPath && isDataFile(file));
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
