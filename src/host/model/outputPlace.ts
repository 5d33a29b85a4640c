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

/** Whether a file is the index of a model kept in several files, shown by its folder's name. */
export function isIndexFile(modelPath: string): boolean {
  return path.extname(modelPath).toLowerCase() === '.json';
}

/** The name by which the user knows a model. */
export function modelName(modelPath: string): string {
  const folder = path.basename(path.dirname(modelPath));
  return isIndexFile(modelPath) && folder !== '' ? folder : path.basename(modelPath);
}

/**
 * `name.pruned.ext` beside the original; for a model kept in several files a folder beside its
 * folder. Pruning `name.pruned.ext` again gives `name.pruned-2.ext`.
 */
export function outputPlace(modelPath: string): OutputPlace {
  const { dir, name, ext, base } = path.parse(modelPath);
  if (!isIndexFile(modelPath)) return filePlace(path.join(dir, `${prunedStem(name)}${ext}`));
  return folderPlace(path.join(path.dirname(dir), prunedStem(path.basename(dir))), base);
}

/** The place of an output that is named already, as a recipe does. */
export function placeAt(output: string, modelPath: string): OutputPlace {
  if (!isIndexFile(modelPath)) return filePlace(output);
  if (isIndexFile(output)) return folderPlace(path.dirname(output), path.basename(output));
  return folderPlace(output, path.basename(modelPath));
}

/** The next place by number, `name-2.ext`, for a result that is to stand beside this one. */
export function nextPlace(place: OutputPlace): OutputPlace {
  const { dir, name, ext } = path.parse(place.occupies);
  if (place.path !== place.occupies) {
    return folderPlace(path.join(dir, countUp(`${name}${ext}`)), path.basename(place.path));
  }
  return filePlace(path.join(dir, `${countUp(name)}${ext}`));
}

function filePlace(file: string): OutputPlace {
  return { path: file, occupies: file, name: path.basename(file), folder: path.dirname(file) };
}

function folderPlace(folder: string, mainFile: string): OutputPlace {
  return {
    path: path.join(folder, mainFile),
    occupies: folder,
    name: path.basename(folder),
    folder: path.dirname(folder),
  };
}

function prunedStem(stem: string): string {
  return /\.pruned(?:-\d+)?$/u.test(stem) ? countUp(stem) : `${stem}.pruned`;
}

function countUp(stem: string): string {
  const count = /-(?<count>\d+)$/u.exec(stem)?.groups?.['count'];
  if (count === undefined) return `${stem}-2`;
  return `${stem.slice(0, -count.length)}${Number(count) + 1}`;
}
