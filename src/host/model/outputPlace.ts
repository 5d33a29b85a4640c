import path from 'node:path';

/** Where a pruned model goes. */
export interface OutputPlace {
  /** The main file to write, absolute. */
  readonly path: string;
  /** What must not be there yet: the file, or the folder of a model kept in several files. */
  readonly occupies: string;
  /** The name that the user sees. */
  readonly name: string;
  /** The folder in which that name appears. */
  readonly folder: string;
}

/**
 * `name.pruned.ext` beside the original; for a model kept in several files a folder beside its
 * folder. Pruning `name.pruned.ext` again gives `name.pruned-2.ext`.
 * @param copy which of several outputs that are to stay: 1, 2, …
 */
export function outputPlace(modelPath: string, copy = 1): OutputPlace {
  return isIndexFile(modelPath) ? folderPlace(modelPath, copy) : filePlace(modelPath, copy);
}

/** Whether a file is the index of a model kept in several files, shown by its folder's name. */
export function isIndexFile(modelPath: string): boolean {
  return path.extname(modelPath).toLowerCase() === '.json';
}

/** The name by which the user knows a model. */
export function modelName(modelPath: string): string {
  const folder = path.basename(path.dirname(modelPath));
  return isIndexFile(modelPath) && folder !== '' ? folder : path.basename(modelPath);
}

function filePlace(modelPath: string, copy: number): OutputPlace {
  const { dir, name, ext } = path.parse(modelPath);
  const output = path.join(dir, `${prunedStem(name, copy)}${ext}`);
  return { path: output, occupies: output, name: path.basename(output), folder: dir };
}

function folderPlace(modelPath: string, copy: number): OutputPlace {
  const { dir, base } = path.parse(modelPath);
  const folder = path.dirname(dir);
  const name = prunedStem(path.basename(dir), copy);
  const occupies = path.join(folder, name);
  return { path: path.join(occupies, base), occupies, name, folder };
}

function prunedStem(stem: string, copy: number): string {
  const earlier = /^(?<base>.*)\.pruned(?:-(?<count>\d+))?$/u.exec(stem)?.groups;
  const base = earlier?.['base'] ?? stem;
  const start = earlier === undefined ? 0 : Number(earlier['count'] ?? 1);
  const number = start + copy;
  return number === 1 ? `${base}.pruned` : `${base}.pruned-${number}`;
}
