import { realpath } from 'node:fs/promises';
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

  async openBeside(relativePath: string, format: string): Promise<ByteSource> {
    assertRelative(relativePath, format);
    const folder = path.dirname(this.main.path);
    const name = path.normalize(relativePath);
    const file = path.join(folder, name);
    await assertInside(folder, file, { relativePath, format });
    const source = await openFileSource(file, name);
    this.opened.push(source);
    return source;
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((source) => source.close()));
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

/** A symbolic link may not lead outside either. */
async function assertInside(
  folder: string,
  file: string,
  { relativePath, format }: { readonly relativePath: string; readonly format: string },
): Promise<void> {
  try {
    const inside = path.relative(await realpath(folder), await realpath(file));
    if (inside.startsWith('..') || path.isAbsolute(inside)) {
      throw refused(relativePath, format, 'a link that leaves the folder');
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      throw new FormatError({
        format,
        place: relativePath,
        found: 'no such file',
        allowed: 'a file beside the model',
      });
    }
    throw toIoError(error, `opening ${relativePath}`);
  }
}

function refused(relativePath: string, format: string, what: string): FormatError {
  return new FormatError({
    format,
    place: 'file name in the model',
    found: `${JSON.stringify(relativePath)}, ${what}`,
    allowed: "a relative path inside the model's own folder",
  });
}
