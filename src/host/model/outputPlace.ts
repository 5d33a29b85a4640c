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

/** Where the tensors of a model are saved as safetensors: beside it, under its own name. */
export function safetensorsPlace(modelPath: string): string {
  const { dir, base } = path.parse(modelPath);
  if (base === 'model.json') return `${dir}.safetensors`;
  const { stem } = splitEnding(base);
  const name = base.toLowerCase().endsWith('.safetensors') ? `${stem}.copy` : stem;
  return path.join(dir, `${name}.safetensors`);
}

/** Where a model is packed without its zeros: `name.packed.ext` beside it, or a folder beside its folder. */
export function packedPlace(modelPath: string): OutputPlace {
  const { dir, base } = path.parse(modelPath);
  const { stem, ending } = splitEnding(base);
  if (!isIndexFile(modelPath)) return filePlace(path.join(dir, `${stem}.packed${ending}`));
  return folderPlace(path.join(path.dirname(dir), `${path.basename(dir)}.packed`), base);
}

/** The name by which the user knows a model. */
export function modelName(modelPath: string): string {
  const folder = path.basename(path.dirname(modelPath));
  return isIndexFile(modelPath) && folder !== '' ? folder : path.basename(modelPath);
}

/** The folder in which a model appears under its name. */
export function folderOfModel(modelPath: string): string {
  const folder = path.dirname(modelPath);
  return isIndexFile(modelPath) ? path.dirname(folder) : folder;
}

/**
 * `name.pruned.ext` beside the original; for a model kept in several files a folder beside its
 * folder. Pruning `name.pruned.ext` again gives `name.pruned-2.ext`.
 */
export function outputPlace(modelPath: string): OutputPlace {
  const { dir, base } = path.parse(modelPath);
  const { stem, ending } = splitEnding(base);
  if (!isIndexFile(modelPath)) return filePlace(path.join(dir, `${prunedStem(stem)}${ending}`));
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
  const { dir, base } = path.parse(place.occupies);
  if (place.path !== place.occupies) {
    return folderPlace(path.join(dir, countUp(base)), path.basename(place.path));
  }
  const { stem, ending } = splitEnding(base);
  return filePlace(path.join(dir, `${countUp(stem)}${ending}`));
}

/** Endings of more than one part, which the programs that read them ask for. */
const LONG_ENDINGS: readonly string[] = ['.weights.h5', '.weights.json', '.safetensors.index.json'];

function splitEnding(base: string): { readonly stem: string; readonly ending: string } {
  const long = LONG_ENDINGS.find((ending) => base.toLowerCase().endsWith(ending));
  const length = long?.length ?? path.extname(base).length;
  return { stem: base.slice(0, base.length - length), ending: base.slice(base.length - length) };
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
