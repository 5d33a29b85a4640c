import { randomBytes } from 'node:crypto';
import { chmod, type FileHandle, mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { ByteSource } from '../core/io';
import { modelByteLength } from '../core/model/model';
import type { ByteSink, ScratchFile } from '../core/model/modelSink';
import type { ModelOutput } from '../core/recipe/pipeline';
import { removeAbandoned } from './abandonedFolders';
import { assertRoom } from './freeSpace';
import { writeFully } from './fullTransfers';
import { IoError } from '../core/errors';
import { errorCode, toIoError } from './ioError';
import type { OpenedModelFile } from './openModel';
import { assertFileWritable, assertWritable, type OutputTarget, targetOf } from './outputTarget';
import { pathExists } from './pathExists';
import { openScratchFile } from './scratchFile';
import { isMoving, moveSet, performAll, type SetMove, undoMove } from './setMove';
import { syncFolder } from './syncFolder';
import { temporaryFolderPrefix } from './temporaryFolders';

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
 * @throws UsageError when the output would replace the original, another model's files, or anything
 *   that may not be replaced; IoError.
 */
export async function createModelOutput(
  original: OpenedModelFile,
  { output, replace }: OutputOptions,
): Promise<ModelOutput> {
  const target = targetOf(original, output);
  await assertWritable(original, target, replace);
  return openOutput({ original, target, neededBytes: neededBytes(original) });
}

/**
 * As {@link createModelOutput}, for one file of another format that is made of a model.
 * @throws UsageError when it would replace one of the model's files or anything that may not be replaced.
 */
export async function createConvertedOutput(
  original: OpenedModelFile,
  { output, replace, neededBytes }: OutputOptions & { readonly neededBytes: number },
): Promise<ModelOutput> {
  await assertFileWritable(original, output, replace);
  const target = { main: output, folder: null, nameOf: () => path.basename(output) };
  return openOutput({ original, target, neededBytes });
}

interface PlannedOutput {
  readonly original: OpenedModelFile;
  readonly target: OutputTarget;
  readonly neededBytes: number;
}

async function openOutput({ original, target, neededBytes }: PlannedOutput): Promise<ModelOutput> {
  const parent = path.dirname(target.folder ?? target.main);
  try {
    await removeAbandoned(parent);
    await assertRoom(parent, neededBytes);
    const madeFolder = await mkdir(parent, { recursive: true });
    const name = `${temporaryFolderPrefix()}${randomBytes(4).toString('hex')}`;
    const temporary = path.join(parent, name);
    await mkdir(temporary);
    return new FolderOutput(original, target, { temporary, parent, madeFolder });
  } catch (error) {
    throw toIoError(error, `writing beside ${target.main}`, ASSURANCE);
  }
}

/** Every file once; what packs others is written to a temporary file besides, where it is nested. */
function neededBytes({ model }: OpenedModelFile): number {
  const nested = (model.containers ?? []).filter(
    ({ fileIndex }) => model.files[fileIndex]?.derived === true,
  );
  const scratch = nested.map(({ fileIndex }) => model.files[fileIndex]?.byteLength ?? 0);
  return modelByteLength(model) + scratch.reduce((sum, byteLength) => sum + byteLength, 0);
}

interface OutputPlace {
  readonly temporary: string;
  /** The folder that the temporary one lies in. */
  readonly parent: string;
  /** The first of the parent folders that had to be made; undefined where all were there. */
  readonly madeFolder: string | undefined;
}

class FolderOutput implements ModelOutput {
  readonly temporaryPath: string;
  readonly newNames: ReadonlyMap<string, string>;
  private readonly handles: FileHandle[] = [];
  private readonly names: string[] = [];

  constructor(
    private readonly original: OpenedModelFile,
    private readonly target: OutputTarget,
    private readonly place: OutputPlace,
  ) {
    this.temporaryPath = path.join(place.temporary, path.basename(target.main));
    const others = original.sources
      .slice(1)
      .map(({ name }) => [name, target.nameOf(name)] as const);
    this.newNames = new Map(others.filter(([before, after]) => before !== after));
  }

  async openFile(source: ByteSource): Promise<ByteSink> {
    const name = this.target.nameOf(source.name);
    const file = path.join(this.place.temporary, name);
    const doing = `writing ${path.join(path.dirname(this.target.main), name)}`;
    try {
      await mkdir(path.dirname(file), { recursive: true });
      const handle = await open(file, 'wx');
      this.handles.push(handle);
      this.names.push(name);
      const mode = this.original.sources.find((one) => one.name === source.name)?.mode;
      if (mode !== undefined) await chmod(file, mode & 0o777);
      return {
        write: (byteOffset, bytes) =>
          writeFully(handle, { byteOffset, bytes, doing, assurance: ASSURANCE }),
      };
    } catch (error) {
      throw toIoError(error, doing, ASSURANCE);
    }
  }

  openScratch(): Promise<ScratchFile> {
    return openScratchFile(this.place.temporary, ASSURANCE);
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
    // A set that could be moved neither way: the old files are in there.
    if (await isMoving(this.place.temporary)) return;
    await rm(this.place.temporary, { recursive: true, force: true });
    await this.removeMadeFolders();
  }

  private async moveIntoPlace(): Promise<void> {
    const { folder } = this.target;
    if (folder !== null && !(await pathExists(folder))) {
      await rename(this.place.temporary, folder);
      await syncFolder(path.dirname(folder));
      return;
    }
    if (this.names.length === 1) await rename(this.temporaryPath, this.target.main);
    else await this.replaceSet();
    await rm(this.place.temporary, { recursive: true, force: true });
  }

  /** Files of a set go one by one, so the old ones are kept until all new ones are in place. */
  private async replaceSet(): Promise<void> {
    // The main file last: a reader that comes in between sees the old one with its old names.
    const names = [...this.names.slice(1), ...this.names.slice(0, 1)];
    const target = path.dirname(this.target.main);
    const isThere = await Promise.all(names.map((name) => pathExists(path.join(target, name))));
    const replaced = names.filter((_, i) => isThere[i] === true);
    const move = { temporary: this.place.temporary, target, names, replaced };
    try {
      await performAll(moveSet(move));
    } catch (error) {
      await this.undo(move);
      throw error;
    }
  }

  private async undo(move: SetMove): Promise<void> {
    try {
      await performAll(undoMove(move));
    } catch (error) {
      throw stuck(move, error);
    }
  }

  /** Folders that were made for the output go with it, unless somebody has used them since. */
  private async removeMadeFolders(): Promise<void> {
    const { madeFolder, parent } = this.place;
    if (madeFolder === undefined) return;
    for (let folder = parent; folder.startsWith(madeFolder); folder = path.dirname(folder)) {
      const removed = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!removed) return;
    }
  }
}

function stuck({ target, temporary }: SetMove, error: unknown): IoError {
  const reason = error instanceof Error ? error.message : String(error);
  return new IoError(
    errorCode(error) ?? 'EIO',
    `putting back the files of ${target} failed: ${reason}. They may be a mix of two models until the model is opened again, which finishes putting them back; nothing is lost: all files are there or in ${temporary}.`,
    { cause: error },
  );
}
