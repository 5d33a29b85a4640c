import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isNumeric } from '../../core/model/decodeValues';
import type { Model, TensorEntry } from '../../core/model/model';
import { verifyChecksums } from '../../core/model/verifyChecksums';
import type { JobControl } from '../../core/progress';
import type { DataKind } from '../../protocol/views';
import { openFileSource } from '../fileSource';
import { toIoError } from '../ioError';
import { openModelFile } from '../openModel';
import { labelsOfInput } from './conventions';
import { dataKind, isArrayFile } from './dataKind';
import { openIdx } from './idxFile';
import { type RowSource, tensorRows } from './rowSource';

/** An array that data offers. */
export interface DataArray {
  readonly name: string;
  /** The file's name with its ending, by which a recipe may call it too; null inside an npz. */
  readonly file: string | null;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** @throws UnsupportedError where the elements are no numbers. */
  rows(): RowSource;
  /** Compares checksums where there are any. @throws FormatError; CancelledError. */
  verify(control: JobControl): Promise<void>;
}

/** Arrays with names: of an npz, of a file and what lies beside it, or of a folder. */
export interface ArraySet {
  readonly name: string;
  readonly kind: DataKind;
  readonly arrays: readonly DataArray[];
  /** Another array file beside; null where there is none of that name. */
  openBeside(name: string): Promise<DataArray | null>;
  close(): Promise<void>;
}

/**
 * Opens the arrays of an npz, of a npy or IDX file with the labels that lie beside it by their name, or
 * all npy and IDX files of a folder. Heads are read, data is not.
 * @throws FormatError, IoError.
 */
export async function openArraySet(file: string, kind: DataKind): Promise<ArraySet> {
  const set = new OpenArrays(file, kind);
  try {
    await set.open();
    return set;
  } catch (error) {
    await set.close();
    throw error;
  }
}

class OpenArrays implements ArraySet {
  readonly name: string;
  readonly arrays: DataArray[] = [];
  private readonly closers: (() => Promise<void>)[] = [];
  private readonly folder: string;

  constructor(
    private readonly file: string,
    readonly kind: DataKind,
  ) {
    this.name = path.basename(file);
    this.folder = kind === 'arrays' ? file : path.dirname(file);
  }

  async open(): Promise<void> {
    if (this.kind === 'npz') return this.openArchive();
    if (this.kind === 'arrays') {
      for (const name of await arrayFilesOf(this.folder)) await this.add(name);
      return;
    }
    await this.add(this.name);
    const labels = labelsFileOf(this.name, await arrayFilesOf(this.folder));
    if (labels !== null) await this.add(labels);
  }

  async openBeside(name: string): Promise<DataArray | null> {
    if (this.kind === 'npz' || !(await arrayFilesOf(this.folder)).includes(name)) return null;
    return this.add(name);
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }

  private async openArchive(): Promise<void> {
    const opened = await openModelFile(this.file);
    const { model } = opened;
    this.closers.push(() => opened.close());
    let verified: Promise<void> | null = null;
    // One archive, one check.
    const verify = (control: JobControl) => (verified ??= verifyChecksums(model, control));
    for (const tensor of model.tensors) {
      this.arrays.push(tensorArray(model, tensor, { name: tensor.name, file: null, verify }));
    }
  }

  private async add(file: string): Promise<DataArray> {
    const array = await this.openFile(path.join(this.folder, file), file);
    this.arrays.push(array);
    return array;
  }

  private async openFile(full: string, file: string): Promise<DataArray> {
    const name = stemOf(file);
    if ((await dataKind(full)) === 'npy') {
      const opened = await openModelFile(full);
      const { model } = opened;
      this.closers.push(() => opened.close());
      const [tensor] = model.tensors;
      if (tensor === undefined) throw new Error('a npy file has one array');
      const verify = () => Promise.resolve();
      return tensorArray(model, { ...tensor, name }, { name, file, verify });
    }
    const source = await openFileSource(full, file);
    this.closers.push(() => source.close());
    const idx = await openIdx(source);
    const { dtype, shape } = idx;
    const rows = () => idx.rows(name);
    return { name, file, dtype, shape, rows, verify: (control) => idx.verify(control) };
  }
}

function tensorArray(
  model: Model,
  tensor: TensorEntry,
  known: Pick<DataArray, 'name' | 'file' | 'verify'>,
): DataArray {
  const dtype = tensor.dtypeLabel ?? tensor.dtype;
  return { ...known, dtype, shape: tensor.shape, rows: () => tensorRows(model, tensor) };
}

/** Whether rows can be read of an array. */
export function hasNumbers({ dtype, shape }: DataArray): boolean {
  return shape.length > 0 && (isNumeric as (type: string) => boolean)(dtype);
}

function stemOf(file: string): string {
  return file.replace(/\.gz$/i, '').replace(/\.(npy|idx)$/i, '');
}

async function arrayFilesOf(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter(isArrayFile).sort();
  } catch (error) {
    throw toIoError(error, `reading ${folder}`);
  }
}

/** The file with the labels of another: as MNIST's files are called, else `y_test.npy` for `x_test.npy` and the like. */
function labelsFileOf(file: string, files: readonly string[]): string | null {
  const others = files.filter((other) => other !== file);
  const byMnist = stemOf(file)
    .replace('images', 'labels')
    .replace(/idx\d+/, 'idx1');
  const named = others.find((other) => stemOf(other) === byMnist);
  if (named !== undefined && byMnist !== stemOf(file)) return named;
  const stem = labelsOfInput(others.map(stemOf), stemOf(file));
  return others.find((other) => stemOf(other) === stem) ?? null;
}
