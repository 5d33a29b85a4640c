import { access, realpath } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../core/errors';
import type { ByteSource, ModelFiles } from '../core/io';
import { errorCode, toIoError } from './ioError';
import { type FileSource, openFileSource } from './fileSource';

/** The files of one model on disk: its main file and what lies beside or below it. */
export class ModelFolder implements ModelFiles {
  private readonly opened: FileSource[];

  private constructor(readonly main: FileSource) {
    this.opened = [main];
  }

  static async open(mainPath: string): Promise<ModelFolder> {
    return new ModelFolder(await openFileSource(mainPath, path.basename(mainPath)));
  }

  /** Every file opened so far, in that order. */
  get sources(): readonly FileSource[] {
    return this.opened;
  }

  async openBeside(
    relativePaths: readonly string[],
    format: string,
  ): Promise<readonly ByteSource[]> {
    const places: Place[] = [];
    for (const relativePath of relativePaths) {
      const place = this.locate(relativePath, format);
      if (places.some(({ name }) => name === place.name)) throw namedTwice(relativePath, format);
      places.push(place);
    }
    await assertAllThere(places, format);
    const sources: FileSource[] = [];
    for (const place of places) {
      await assertInside(path.dirname(this.main.path), place, format);
      const source = await openFileSource(place.file, place.name);
      this.opened.push(source);
      sources.push(source);
    }
    return sources;
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((source) => source.close()));
  }

  private locate(relativePath: string, format: string): Place {
    assertRelative(relativePath, format);
    const name = path.normalize(relativePath);
    if (this.opened.some((source) => source.name === name)) {
      throw namedTwice(relativePath, format);
    }
    return { relativePath, name, file: path.join(path.dirname(this.main.path), name) };
  }
}

/** A file that the model names. */
interface Place {
  /** As written in the model. */
  readonly relativePath: string;
  readonly name: string;
  readonly file: string;
}

async function assertAllThere(places: readonly Place[], format: string): Promise<void> {
  const isThere = await Promise.all(places.map(({ file }) => exists(file)));
  const missing = places.filter((_, i) => isThere[i] === false);
  if (missing.length === 0) return;
  throw new FormatError({
    format,
    place: `files beside the model`,
    found: `no ${missing.map(({ relativePath }) => relativePath).join(', no ')}`,
    allowed: `all ${places.length} files that the model names`,
  });
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw toIoError(error, `opening ${file}`);
  }
}

function assertRelative(relativePath: string, format: string): void {
  const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(relativePath);
  if (isAddress || path.isAbsolute(relativePath) || path.win32.isAbsolute(relativePath)) {
    throw refused(relativePath, format, isAddress ? 'an address' : 'an absolute path');
  }
  const parts = relativePath.split(/[/\\]/);
  if (relativePath === '' || relativePath.includes('\0') || parts.includes('..')) {
    throw refused(relativePath, format, 'a path that leaves the folder');
  }
}

/** A symbolic link may not lead outside either, but to the blobs of a Hugging Face cache. */
async function assertInside(folder: string, place: Place, format: string): Promise<void> {
  const realFolder = await realpath(folder);
  const target = await realpath(place.file);
  const inside = path.relative(realFolder, target);
  if (!inside.startsWith('..') && !path.isAbsolute(inside)) return;
  if (isBlobOfSnapshot(realFolder, target)) return;
  throw refused(place.relativePath, format, 'a link that leaves the folder');
}

/**
 * Whether a file lies directly in the `blobs` beside the `snapshots` that the folder is one of.
 * Source: "Understand caching" of huggingface_hub 1.0: models--NAME/snapshots/REVISION/FILE links to blobs/HASH.
 */
function isBlobOfSnapshot(realFolder: string, target: string): boolean {
  const snapshots = path.dirname(realFolder);
  if (path.basename(snapshots) !== 'snapshots') return false;
  const blobs = path.join(path.dirname(snapshots), 'blobs');
  // A `blobs` that is a link itself could stand for any folder: then the real paths differ.
  return path.dirname(target) === blobs;
}

function namedTwice(relativePath: string, format: string): FormatError {
  return refused(relativePath, format, 'a file that is named twice');
}

function refused(relativePath: string, format: string, what: string): FormatError {
  return new FormatError({
    format,
    place: 'file name in the model',
    found: `${JSON.stringify(relativePath)}, ${what}`,
    allowed: "a relative path inside the model's own folder, each once",
  });
}
