import path from 'node:path';
import { FormatError } from '../../../core/errors';
import { readBytes } from '../../../core/io';
import type { JobControl } from '../../../core/progress';
import type { DataRecipe } from '../../../core/recipe/recipe';
import { openFileSource } from '../../fileSource';
import type { LabelSource } from '../labelSource';
import { MAX_IMAGE_FILE_BYTES } from '../limits';
import type { ModelTraits } from '../modelTraits';
import type { OpenedData } from '../openedData';
import { namedSplit } from '../recipeNames';
import { type ImageFolder, listImageFolder } from './imageFolder';
import { imageRows } from './imageRows';
import { type Pictures, picturesOfBytes } from './pictures';

/**
 * A folder of pictures as a data set, the names of the folders as classes. Pictures are read when they
 * are asked for.
 * @throws UsageError for a folder without pictures; FormatError, UnsupportedError, IoError; CancelledError.
 */
export async function openImageData(
  recipe: DataRecipe,
  traits: ModelTraits,
  control: JobControl,
): Promise<OpenedData> {
  const listed = await listImageFolder(recipe.file, namedSplit(recipe), control);
  const pictures = folderPictures(listed.root, listed.files);
  const rows = await imageRows(pictures, recipe.image ?? {}, traits.inputs[0]);
  const labels = recipe.labels === undefined ? labelsOfFolder(listed) : [];
  return {
    name: path.basename(recipe.file),
    kind: 'images',
    rowCount: listed.files.length,
    inputs: [rows],
    labels,
    close: () => Promise.resolve(),
  };
}

/** The files of a folder as pictures. */
export function folderPictures(root: string, files: readonly string[]): Pictures {
  return picturesOfBytes({
    name: 'images',
    rowCount: files.length,
    forwardOnly: false,
    placeOf: (row) => files[row] ?? '',
    async visit(from, to, take) {
      for (let row = from; row < to; row++) {
        const file = files[row] ?? '';
        take(await readImageFile(path.join(root, file), file), row);
      }
    },
  });
}

async function readImageFile(file: string, name: string): Promise<Uint8Array> {
  const source = await openFileSource(file, name);
  try {
    if (source.byteLength > MAX_IMAGE_FILE_BYTES) {
      throw new FormatError({
        format: 'image',
        place: name,
        found: `${source.byteLength} bytes`,
        allowed: `at most ${MAX_IMAGE_FILE_BYTES}`,
      });
    }
    return await readBytes(source, 0, source.byteLength);
  } finally {
    await source.close();
  }
}

/** The classes of a folder as labels; none where it has none. */
export function labelsOfFolder({ classes, classNames }: ImageFolder): readonly LabelSource[] {
  if (classes === null) return [];
  return [
    {
      kind: 'words',
      name: 'class',
      column: { values: classes, words: classNames, firstBad: null },
    },
  ];
}
