import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UnsupportedError } from '../../core/errors';
import type { DataKind } from '../../protocol/views';
import { errorCode, toIoError } from '../ioError';
import { openRegularFile } from '../openRegularFile';
import { isGzip } from './gzipSource';
import { isIdx } from './idxFile';

const START_BYTES = 4096;

const SUPPORTED =
  'npz, npy, csv, tsv, JSON lines, Parquet, IDX (also in gzip), a folder of pictures, or of npy or IDX files';

const IMAGE_NAMES = /\.(png|jpe?g)$/i;
const ARRAY_NAMES = /(\.npy|\.idx|[-.]idx\d+-ubyte)(\.gz)?$/i;

/** Whether a file of a folder is a picture, by its name. */
export function isImageFile(name: string): boolean {
  return IMAGE_NAMES.test(name) && !name.startsWith('.');
}

/** Whether a file of a folder is an array, by its name. */
export function isArrayFile(name: string): boolean {
  return ARRAY_NAMES.test(name) && !/\.npy\.gz$/i.test(name) && !name.startsWith('.');
}

/**
 * What a data file is, by its first bytes; what a folder is, by what lies in it.
 * @throws UnsupportedError for others; FormatError where there is no regular file or folder; IoError.
 */
export async function dataKind(file: string): Promise<DataKind> {
  if (await isFolder(file)) return folderKind(file);
  const start = await readStart(file);
  if (start.subarray(0, 2).toString('latin1') === 'PK') return 'npz';
  if (start.subarray(1, 6).toString('latin1') === 'NUMPY') return 'npy';
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (isGzip(start) || isIdx(start)) return 'idx';
  if (!start.includes(0)) return isJson(start) ? 'jsonl' : 'csv';
  throw unsupported(file, 'a binary file of another kind');
}

/** A csv hardly begins with a brace. */
function isJson(start: Buffer): boolean {
  return /^\uFEFF?\s*\{/.test(start.toString('utf8'));
}

function unsupported(file: string, found: string): UnsupportedError {
  return new UnsupportedError({
    feature: `data ${path.basename(file)}`,
    found,
    supported: SUPPORTED,
  });
}

async function folderKind(folder: string): Promise<DataKind> {
  const entries = await entriesOf(folder);
  if (entries.some(({ name }) => isArrayFile(name))) return 'arrays';
  if (entries.some(({ name }) => isImageFile(name))) return 'images';
  const folders = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith('.'));
  // What is inside the folders is seen when they are listed.
  if (folders.length > 0) return 'images';
  const names = entries.slice(0, 5).map(({ name }) => name);
  throw unsupported(folder, `a folder with ${names.length === 0 ? 'nothing' : names.join(', ')}`);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw toIoError(error, `reading ${folder}`);
  }
}

async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch (error) {
    // A file that is not there is reported where it is opened.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error) ?? '')) return false;
    throw toIoError(error, `opening ${file}`);
  }
}

async function readStart(file: string): Promise<Buffer> {
  const allowed = 'an existing data file or folder';
  const { handle } = await openRegularFile(file, { format: 'data', place: file, allowed });
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(START_BYTES) });
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw toIoError(error, `reading ${file}`);
  } finally {
    await handle.close();
  }
}
