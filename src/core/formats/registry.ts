import { FormatError } from '../errors';
import { type ByteSource, type Compression, type ModelFiles, readBytes } from '../io';
import type { Model, Notice } from '../model/model';
import { lockUnwritableLayers } from '../model/lockUnwritableLayers';
import { findSuperblock, startsWithHdf5 } from './hdf5/superblock';
import { readHdf5Model } from './keras/readHdf5Model';
import { isKerasArchive, readKeras } from './keras/readKeras';
import { readShardedWeights } from './keras/readShardedWeights';
import { readNpy } from './numpy/readNpy';
import { readNpz } from './numpy/readNpz';
import { looksLikeOnnx } from './onnx/looksLikeOnnx';
import { readOnnx } from './onnx/readOnnx';
import { readPickleModel } from './paddle/readPickleModel';
import { startsLegacyPytorch } from './pickle/legacyMagic';
import { readPytorch } from './pytorch/readPytorch';
import { readSafetensors } from './safetensors/readSafetensors';
import { readShardedSafetensors } from './safetensors/readShardedSafetensors';
import { readTfjs } from './tfjs/readTfjs';
import { readMemberNames } from './zip/readZipDirectory';

/** One format: how its files are told apart, and the reader. */
interface FormatEntry {
  readonly name: string;
  readonly label: string;
  /** By the name, in lower case. */
  readonly matchesName: (name: string) => boolean;
  /** By the first bytes; absent where they do not tell. */
  readonly matchesContent?: (start: Uint8Array, name: string) => boolean;
  /** By the names of a zip archive's members; only of formats that are such archives. */
  readonly matchesMembers?: (memberNames: readonly string[]) => boolean;
  readonly read: (files: ModelFiles, compression: Compression) => Promise<Model>;
}

const FORMATS: readonly FormatEntry[] = [
  {
    name: 'npy',
    label: 'NumPy array (.npy)',
    matchesName: (name) => name.endsWith('.npy'),
    matchesContent: (start) => startsWith(start, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]),
    read: ({ main }) => readNpy(main),
  },
  {
    name: 'npz',
    label: 'NumPy archive (.npz)',
    matchesName: (name) => name.endsWith('.npz'),
    // Looked at after the other archives, which may carry an array along.
    matchesMembers: (names) => 2 * names.filter(isArrayName).length >= Math.max(1, names.length),
    read: ({ main }, compression) => readNpz(main, compression),
  },
  {
    name: 'safetensors',
    label: 'safetensors (.safetensors)',
    matchesName: (name) => name.endsWith('.safetensors'),
    // Looked at before JSON, because the length may itself begin with a brace.
    // Eight bytes of length, of which a real header leaves the upper four zero, then a JSON object.
    matchesContent: (start) =>
      start[4] === 0 && start[5] === 0 && start[6] === 0 && start[7] === 0 && start[8] === 0x7b,
    read: ({ main }) => readSafetensors(main),
  },
  {
    name: 'safetensors-index',
    label: 'sharded safetensors (.safetensors.index.json)',
    matchesName: (name) => name.endsWith('.safetensors.index.json'),
    matchesContent: (start, name) => startsJson(start) && name.endsWith('.safetensors.index.json'),
    read: (files) => readShardedSafetensors(files),
  },
  {
    name: 'onnx',
    label: 'ONNX (.onnx)',
    matchesName: (name) => name.endsWith('.onnx'),
    matchesContent: (start) => looksLikeOnnx(start),
    read: (files) => readOnnx(files),
  },
  {
    name: 'pytorch',
    label: 'PyTorch (.pt, .pth, .bin, .ckpt)',
    matchesName: (name) => /\.(pt|pth|bin|ckpt)$/.test(name),
    matchesContent: (start) => startsLegacyPytorch(start),
    matchesMembers: (names) => names.some((name) => /^([^/]+\/)?data\.pkl$/.test(name)),
    read: (files, compression) => readPytorch(files, compression),
  },
  {
    name: 'paddle',
    label: 'PaddlePaddle (.pdparams, .pdopt)',
    matchesName: (name) => /\.(pdparams|pdopt)$/.test(name),
    read: ({ main }) => readPickleModel(main, 'paddle'),
  },
  {
    name: 'pickle',
    label: 'pickled arrays (.pkl, .pickle)',
    matchesName: (name) => /\.(pkl|pickle)$/.test(name),
    // Protocols 2 to 5 say so; the older ones are text, told by the name alone.
    matchesContent: (start, name) =>
      start[0] === 0x80 &&
      (start[1] ?? 0) >= 2 &&
      (start[1] ?? 0) <= 5 &&
      !/\.(pdparams|pdopt)$/.test(name),
    read: ({ main }) => readPickleModel(main, 'pickle'),
  },
  {
    name: 'keras',
    label: 'Keras model (.keras)',
    matchesName: (name) => name.endsWith('.keras'),
    matchesMembers: isKerasArchive,
    read: (files, compression) => readKeras(files, compression),
  },
  {
    name: 'hdf5',
    label: 'Keras model or other HDF5 file (.h5, .hdf5, .weights.h5)',
    matchesName: (name) => /\.(h5|hdf5)$/.test(name),
    matchesContent: (start) => startsWithHdf5(start),
    read: (files, compression) => readHdf5Model(files, compression),
  },
  {
    name: 'keras-sharded',
    label: 'sharded Keras weights (.weights.json)',
    matchesName: (name) => name.endsWith('.weights.json'),
    matchesContent: (start, name) => startsJson(start) && name.endsWith('.weights.json'),
    read: (files, compression) => readShardedWeights(files, compression),
  },
  {
    name: 'tfjs',
    label: 'TensorFlow.js model (model.json)',
    matchesName: (name) => name.endsWith('.json'),
    // A bare manifest is a list.
    matchesContent: (start, name) =>
      startsJson(start) || (name.endsWith('.json') && startsJson(start, '[')),
    read: (files) => readTfjs(files),
  },
];

/** Whether a file name is one that files of this format (as {@link Model.format} says it) have. */
export function isNameOfFormat(format: string, name: string): boolean {
  return FORMATS.some((entry) => entry.name === format && entry.matchesName(name.toLowerCase()));
}

const START_BYTES = 64;
const LFS_POINTER = 'version https://git-lfs';

/**
 * Reads a model of any known format: told by its content, and by its name where that does not say it.
 * @throws FormatError, UnsupportedError, IoError.
 */
export async function readModel(files: ModelFiles, compression: Compression): Promise<Model> {
  const start = await readStart(files.main);
  assertNoLfsPointer(files.main, start);
  const name = files.main.name.toLowerCase();
  const byName = FORMATS.find((format) => format.matchesName(name));
  const format =
    FORMATS.find((one) => one.matchesContent?.(start, name)) ??
    (isZip(start) ? await formatOfArchive(files.main, byName) : byName) ??
    (await formatBehindUserBlock(files.main));
  if (format === undefined) throw unknownFormat(files.main, start);
  const model = await format.read(files, compression);
  const notice = byName === format ? [] : [wrongExtension(files.main, format)];
  return lockUnwritableLayers({ ...model, notices: [...notice, ...model.notices] });
}

async function readStart(source: ByteSource): Promise<Uint8Array> {
  return readBytes(source, 0, Math.min(START_BYTES, source.byteLength));
}

function isZip(start: Uint8Array): boolean {
  return startsWith(start, [0x50, 0x4b, 3, 4]) || startsWith(start, [0x50, 0x4b, 5, 6]);
}

function isArrayName(name: string): boolean {
  return name.endsWith('.npy');
}

/** HDF5 may begin behind bytes of another use, at 512, 1024 and so on. */
async function formatBehindUserBlock(source: ByteSource): Promise<FormatEntry | undefined> {
  if ((await findSuperblock(source)) === null) return undefined;
  return FORMATS.find(({ name }) => name === 'hdf5');
}

/** A zip archive is told by its members; where they are none that a format has, by the file's name. */
async function formatOfArchive(
  source: ByteSource,
  byName: FormatEntry | undefined,
): Promise<FormatEntry> {
  const archives = FORMATS.filter((format) => format.matchesMembers !== undefined);
  const named = byName?.matchesMembers === undefined ? undefined : byName;
  const members = await readMemberNames(source, named?.name ?? 'zip');
  const format = archives.find((one) => one.matchesMembers?.(members) === true) ?? named;
  if (format !== undefined) return format;
  const some = members.slice(0, 5).map((member) => JSON.stringify(member));
  throw new FormatError({
    format: 'zip',
    place: source.name,
    found: `a zip archive of ${members.length} members (${some.join(', ')}${members.length > some.length ? ', …' : ''})`,
    allowed: `an archive of one of these kinds: ${archives.map(({ label }) => label).join(', ')}`,
  });
}

function startsWith(start: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => start[i] === byte);
}

function startsJson(start: Uint8Array, opening: '{' | '[' = '{'): boolean {
  const first = start.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === opening.charCodeAt(0);
}

function assertNoLfsPointer(source: ByteSource, start: Uint8Array): void {
  if (!new TextDecoder().decode(start).startsWith(LFS_POINTER)) return;
  throw new FormatError({
    format: 'file',
    place: source.name,
    found: 'a Git LFS pointer: the file itself has not been fetched',
    allowed: 'a model file (run "git lfs pull" in its repository)',
    byteOffset: 0,
  });
}

function unknownFormat(source: ByteSource, start: Uint8Array): FormatError {
  const text = new TextDecoder().decode(start.subarray(0, 16)).replace(/[^\x20-\x7e]/g, '·');
  return new FormatError({
    format: 'file',
    place: source.name,
    found:
      start.length === 0 ? 'an empty file' : `content that begins with ${JSON.stringify(text)}`,
    allowed: FORMATS.map((format) => format.label).join(', '),
    byteOffset: 0,
  });
}

function wrongExtension(source: ByteSource, format: FormatEntry): Notice {
  return {
    code: 'wrong-extension',
    message: `${source.name} is a ${format.label} by its content, whatever its name says`,
  };
}
