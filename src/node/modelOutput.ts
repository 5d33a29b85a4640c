import { randomBytes } from 'node:crypto';
import {
  chmod,
  type FileHandle,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../core/errors';
import type { ByteSource } from '../core/io';
import type { ByteSink } from '../core/model/writeModel';
import type { ModelOutput } from '../core/recipe/pipeline';
import { toIoError } from './ioError';
import type { OpenedModelFile } from './openModel';

/** Temporary folders are named after the process that writes them, so that a dead one's can be removed. */
export const TEMPORARY_PREFIX = '.secateur-';

/** Every failure of an output ends with its temporary files removed. */
const ASSURANCE = 'The original is untouched and nothing was kept.';

export interface OutputOptions {
  /** Absolute path of the file, or of the folder or main file of a model kept in several files. */
  readonly output: string;
  readonly replace: boolean;
}

/**
 * Where a model is written: a temporary folder beside the output, under the files' final names, so
 * that it can be opened and checked there; moved into place by renaming.
 * @throws UsageError when the output is the original, or is there and may not be replaced; IoError.
 */
export async function createModelOutput(
  original: OpenedModelFile,
  { output, replace }: OutputOptions,
): Promise<ModelOutput> {
  const target = targetOf(original, output);
  await assertWritable(original, target, replace);
  const parent = path.dirname(target.folder ?? target.main);
  try {
    await mkdir(parent, { recursive: true });
    await removeAbandoned(parent);
    const temporary = path.join(
      parent,
      `${TEMPORARY_PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`,
    );
    await mkdir(temporary);
    return new FolderOutput(original, target, temporary);
  } catch (error) {
    throw toIoError(error, `writing beside ${target.main}`, ASSURANCE);
  }
}

interface Target {
  readonly main: string;
  /** The folder of a model kept in several files; null for a single file. */
  readonly folder: string | null;
}

function targetOf(original: OpenedModelFile, output: string): Target {
  const inSeveral = original.sources.length > 1;
  if (!inSeveral) return { main: output, folder: null };
  if (output.endsWith('.json')) return { main: output, folder: path.dirname(output) };
  return { main: path.join(output, path.basename(original.path)), folder: output };
}

async function assertWritable(
  original: OpenedModelFile,
  target: Target,
  replace: boolean,
): Promise<void> {
  const existing = await realpathOrNull(target.main);
  if (existing === null) return;
  if (existing === (await realpath(original.path))) {
    throw new UsageError(`the output ${target.main} is the original itself; name another file`);
  }
  if (!replace) throw new UsageError(`the output ${target.main} exists already`);
  if ((await stat(existing)).isDirectory()) {
    throw new UsageError(`the output ${target.main} is a folder; name a file`);
  }
}

async function realpathOrNull(file: string): Promise<string | null> {
  return realpath(file).catch(() => null);
}

/** Removes what a process that was killed in mid-write left in a folder. @throws IoError. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = new RegExp(`^${TEMPORARY_PREFIX.replace('.', '\\.')}(\\d+)-[0-9a-f]{8}$`).exec(
      name,
    )?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(path.join(parent, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

class FolderOutput implements ModelOutput {
  readonly temporaryPath: string;
  private readonly handles: FileHandle[] = [];
  private readonly names: string[] = [];

  constructor(
    private readonly original: OpenedModelFile,
    private readonly target: Target,
    private readonly temporary: string,
  ) {
    this.temporaryPath = path.join(temporary, path.basename(target.main));
  }

  async openFile(source: ByteSource): Promise<ByteSink> {
    const name = this.nameOf(source);
    const file = path.join(this.temporary, name);
    const doing = `writing ${path.join(path.dirname(this.target.main), name)}`;
    try {
      await mkdir(path.dirname(file), { recursive: true });
      const handle = await open(file, 'wx');
      this.handles.push(handle);
      this.names.push(name);
      const mode = this.original.sources.find((one) => one.name === source.name)?.mode;
      if (mode !== undefined) await chmod(file, mode & 0o777);
      return { write: (byteOffset, bytes) => writeFully(handle, byteOffset, bytes, doing) };
    } catch (error) {
      throw toIoError(error, doing, ASSURANCE);
    }
  }

  async finish(): Promise<void> {
    try {
      for (const handle of this.handles.splice(0)) {
        await handle.sync();
        await handle.close();
      }
    } catch (error) {
      throw toIoError(error, `writing ${this.target.main}`, ASSURANCE);
    }
  }

  async commit(): Promise<string> {
    try {
      await this.moveIntoPlace();
      await syncFolder(path.dirname(this.target.main));
    } catch (error) {
      throw toIoError(error, `writing ${this.target.main}`, ASSURANCE);
    }
    return this.target.main;
  }

  async discard(): Promise<void> {
    await Promise.allSettled(this.handles.splice(0).map((handle) => handle.close()));
    await rm(this.temporary, { recursive: true, force: true });
  }

  private async moveIntoPlace(): Promise<void> {
    const { folder, main } = this.target;
    if (folder !== null && (await realpathOrNull(folder)) === null) {
      return rename(this.temporary, folder);
    }
    // The main file last: until then the old one still names the old files.
    const mainName = path.basename(main);
    const others = this.names.filter((name) => name !== mainName);
    for (const name of [...others, mainName]) {
      const final = path.join(path.dirname(main), name);
      await mkdir(path.dirname(final), { recursive: true });
      await rename(path.join(this.temporary, name), final);
    }
    await rm(this.temporary, { recursive: true, force: true });
  }

  /** The main file takes the output's name; others keep theirs, which the main file refers to. */
  private nameOf(source: ByteSource): string {
    const isMain = source.name === path.basename(this.original.path);
    return isMain ? path.basename(this.target.main) : source.name;
  }
}

async function writeFully(
  handle: FileHandle,
  byteOffset: number,
  bytes: Uint8Array,
  doing: string,
): Promise<void> {
  let written = 0;
  try {
    while (written < bytes.length) {
      const left = bytes.length - written;
      const { bytesWritten } = await handle.write(bytes, written, left, byteOffset + written);
      written += bytesWritten;
    }
  } catch (error) {
    throw toIoError(error, doing, ASSURANCE);
  }
}

/** So that the rename itself survives a power cut. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
