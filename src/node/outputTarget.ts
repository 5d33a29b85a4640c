import path from 'node:path';
import { UsageError } from '../core/errors';
import { isNameOfFormat } from '../core/formats/registry';
import { assertPlainFile } from './assertPlainFile';
import { type OpenedModelFile, openModelFile } from './openModel';
import { realPathOrNull } from './pathExists';
import { realOutputOrNull } from './realOutput';

/** The files that an output will consist of. */
export interface OutputTarget {
  /** Absolute path of the main file. */
  readonly main: string;
  /** The folder that a model kept in several files gets for itself; null where it gets none. */
  readonly folder: string | null;
  /** The name, relative to the main file's folder, that a source of the original gets. */
  readonly nameOf: (sourceName: string) => string;
}

/** What an output path means for this model. Nothing is looked up on the disk. */
export function targetOf(original: OpenedModelFile, output: string): OutputTarget {
  const { main, folder } = placeOf(original, output);
  const oldMain = path.basename(original.path);
  const newMain = path.basename(main);
  const nameOf = (name: string): string => {
    if (name === oldMain) return newMain;
    // In a folder of its own a set keeps its names, because the main file refers to them.
    return folder === null ? renamedBeside(name, oldMain, newMain) : name;
  };
  return { main, folder, nameOf };
}

function placeOf(original: OpenedModelFile, output: string): Pick<OutputTarget, 'main' | 'folder'> {
  if (original.sources.length === 1) return { main: output, folder: null };
  if (output.endsWith('.json')) return { main: output, folder: path.dirname(output) };
  const { format, containers } = original.model;
  const canRename = (containers ?? []).some(({ refersTo }) => refersTo !== undefined);
  if (canRename && isNameOfFormat(format, path.basename(output))) {
    return { main: output, folder: null };
  }
  return { main: path.join(output, path.basename(original.path)), folder: output };
}

/**
 * The name of a file that goes beside a main file of another name: `net.onnx.data` of `net.onnx` becomes
 * `out.onnx.data`, `net.data` becomes `out.data`, and `weights.bin` becomes `out.onnx.weights.bin`.
 */
function renamedBeside(name: string, oldMain: string, newMain: string): string {
  if (oldMain === newMain) return name;
  const { dir, base } = path.parse(name);
  const stemOf = (file: string): string => path.parse(file).name;
  const oldStem = stemOf(oldMain);
  const renamed = base.startsWith(oldMain)
    ? newMain + base.slice(oldMain.length)
    : /^[._-]/.test(base.slice(oldStem.length)) && base.startsWith(oldStem)
      ? stemOf(newMain) + base.slice(oldStem.length)
      : `${newMain}.${base}`;
  return path.join(dir, renamed);
}

/**
 * Looks at every file that would be written before anything is.
 * @throws UsageError when one is the original's own, belongs to something else, is no plain file, or is
 *   there and may not be replaced; when the name does not fit the format; IoError.
 */
export async function assertWritable(
  original: OpenedModelFile,
  target: OutputTarget,
  replace: boolean,
): Promise<void> {
  assertName(original, target);
  const originals = await realPathsOf(original);
  const finals = original.sources.map(({ name }) => finalPath(target, name));
  const existing: string[] = [];
  for (const final of finals) {
    if (await assertReplaceable(final, originals)) existing.push(final);
  }
  if (existing.length === 0) return;
  if (!replace) throw new UsageError(`the output ${existing[0] ?? target.main} exists already`);
  const others = existing.filter((final) => final !== target.main);
  if (others.length > 0) await assertOwnFiles(target, others);
}

/**
 * As {@link assertWritable}, for one file of another format.
 * @throws UsageError when it is one of the model's own, no plain file, or there and may not be replaced.
 */
export async function assertFileWritable(
  original: OpenedModelFile,
  file: string,
  replace: boolean,
): Promise<void> {
  const isThere = await assertReplaceable(file, await realPathsOf(original));
  if (isThere && !replace) throw new UsageError(`the output ${file} exists already`);
}

function assertName(original: OpenedModelFile, { main }: OutputTarget): void {
  const extension = path.extname(main).toLowerCase();
  const fits = extension === path.extname(original.path).toLowerCase();
  if (!fits && !isNameOfFormat(original.model.format, path.basename(main))) {
    throw new UsageError(
      `the output ${main} would be a file of the format ${original.model.format}; name it *${path.extname(original.path)}`,
    );
  }
}

async function realPathsOf(original: OpenedModelFile): Promise<ReadonlySet<string>> {
  const paths = await Promise.all(original.sources.map((source) => realPathOrNull(source.path)));
  return new Set(paths.filter((one) => one !== null));
}

function finalPath(target: OutputTarget, sourceName: string): string {
  return path.join(path.dirname(target.main), target.nameOf(sourceName));
}

/** Whether something is there that may be replaced. */
async function assertReplaceable(final: string, originals: ReadonlySet<string>): Promise<boolean> {
  const existing = await realOutputOrNull(final);
  if (existing === null) return false;
  if (originals.has(existing)) {
    throw new UsageError(`the output ${final} is the original itself; name another place`);
  }
  await assertPlainFile(final);
  return true;
}

/** Shards are only replaced together with the model that names them. */
async function assertOwnFiles(target: OutputTarget, others: readonly string[]): Promise<void> {
  const own = await filesOfModel(target.main);
  const foreign = others.find((file) => !own.has(path.resolve(file)));
  if (foreign !== undefined) {
    throw new UsageError(
      `the output would replace ${foreign}, which belongs to something else; name another folder`,
    );
  }
}

async function filesOfModel(main: string): Promise<ReadonlySet<string>> {
  const opened = await openModelFile(main).catch(() => null);
  if (opened === null) return new Set();
  await opened.close();
  return new Set(opened.sources.map((source) => path.resolve(source.path)));
}
