import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../../core/errors';
import { type JobControl, throwIfCancelled } from '../../../core/progress';
import { toIoError } from '../../ioError';
import { splitByConvention } from '../conventions';
import { isImageFile } from '../dataKind';
import { MAX_FOLDER_DEPTH, MAX_IMAGE_FILES } from '../limits';

/** The pictures of a folder, class by class. */
export interface ImageFolder {
  /** Paths relative to the folder. */
  readonly files: readonly string[];
  /** The class of each file by its number; null where the pictures lie in the folder itself. */
  readonly classes: Float64Array | null;
  /** The names of the classes' folders, sorted by code unit. */
  readonly classNames: readonly string[];
}

const SPLIT_FOLDERS = /^(train|training|test|testing|val|valid|validation|dev)$/i;

/**
 * Lists a folder of pictures: a folder for each class, its files sorted by their paths, as torchvision and
 * Keras take them. Folders named for splits hold such folders each.
 * @param split the folder of this name; the held-out one when absent
 * @throws UsageError where there is no picture or no such split; IoError; CancelledError.
 */
export async function listImageFolder(
  folder: string,
  split: string | undefined,
  control: JobControl,
): Promise<ImageFolder & { readonly root: string }> {
  const names = await subfoldersOf(folder);
  const root = path.join(folder, splitFolder(folder, names, split));
  const classNames = root === path.join(folder) ? names : await subfoldersOf(root);
  const lister = new Lister(root, control);
  if (classNames.length === 0) await lister.list('', 0);
  const classes: number[] = [];
  for (const [number, name] of classNames.entries()) {
    await lister.list(name, 1);
    while (classes.length < lister.files.length) classes.push(number);
  }
  const { files } = lister;
  if (files.length === 0) {
    throw new UsageError(
      `${path.basename(root)}: found no picture in ${classNames.length} folders; allowed: PNG and JPEG files in a folder for each class`,
    );
  }
  const known = classNames.length === 0 ? null : Float64Array.from(classes);
  return { root, files, classes: known, classNames };
}

/** The split's folder; nothing where the folder has no splits. */
function splitFolder(folder: string, names: readonly string[], split: string | undefined): string {
  const hasSplits = names.length > 0 && names.every((name) => SPLIT_FOLDERS.test(name));
  if (split === undefined) return hasSplits ? (splitByConvention(names) ?? names[0] ?? '') : '';
  const named = names.find((name) => name.toLowerCase() === split.toLowerCase());
  if (named !== undefined) return named;
  throw new UsageError(
    `split ${split}: ${path.basename(folder)} has no folder of that name; it has ${names.slice(0, 12).join(', ')}`,
  );
}

/** Walks folders in order, each real folder once, so that links cannot lead round in a circle. */
class Lister {
  readonly files: string[] = [];

  constructor(
    private readonly root: string,
    private readonly control: JobControl,
  ) {}

  async list(name: string, depth: number): Promise<void> {
    await this.walk(name, depth, new Set());
  }

  private async walk(relative: string, depth: number, seen: Set<string>): Promise<void> {
    throwIfCancelled(this.control.signal);
    const full = path.join(this.root, relative);
    const real = await identityOf(full);
    if (real === null || seen.has(real) || depth > MAX_FOLDER_DEPTH) return;
    seen.add(real);
    for (const entry of await entriesOf(full)) {
      const inside = path.join(relative, entry.name);
      if (isImageFile(entry.name)) this.add(inside);
      // Pictures beside classes' folders belong to none of them.
      else if (depth > 0 && (await isFolder(full, entry))) await this.walk(inside, depth + 1, seen);
    }
  }

  private add(file: string): void {
    if (this.files.length === MAX_IMAGE_FILES) {
      throw new UsageError(
        `${path.basename(this.root)}: found more than ${MAX_IMAGE_FILES} pictures; allowed: at most so many`,
      );
    }
    this.files.push(file);
  }
}

async function subfoldersOf(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (await isFolder(folder, entry)) names.push(entry.name);
  }
  return names;
}

/** Sorted by code unit, hidden ones left out. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const shown = entries.filter(({ name }) => !name.startsWith('.'));
    return shown.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw toIoError(error, `reading ${folder}`);
  }
}

async function isFolder(parent: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await identityOf(path.join(parent, entry.name))) !== null;
}

/** Device and number of a folder, also behind a link; null where there is none. */
async function identityOf(folder: string): Promise<string | null> {
  const stats = await stat(folder, { bigint: true }).catch((error: unknown) => {
    // A link that leads nowhere, or round in a circle, is no folder.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  });
  return stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}` : null;
}
