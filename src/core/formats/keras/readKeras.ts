import { FormatError, UnsupportedError } from '../../errors';
import { type ByteSource, type Compression, type ModelFiles, readBytes } from '../../io';
import { MAX_INFLATED_HDF5_BYTES, MAX_MODEL_JSON_BYTES } from '../../limits';
import type { Model } from '../../model/model';
import { type Hdf5Group, readHdf5 } from '../hdf5/readHdf5';
import { memorySource, sliceSource } from '../memorySource';
import { isJsonObject, parseJson } from '../parseJson';
import { readZipDirectory, type ZipMember } from '../zip/readZipDirectory';
import { zipContainer, type ZipPart } from '../zip/zipContainer';
import { DEFLATED, STORED } from '../zip/zipRecords';
import { assembleModel, weightsOf } from './assembleModel';
import { modelOf, readStructure } from './kerasStructure';
import { nameNumberedVariables } from './layerPaths';
import { kerasRole } from './readHdf5Model';
import { type Hdf5Groups, shardNames } from './shardNames';
import { needsContainer, WeightFiles } from './weightFiles';

const FORMAT = 'keras';
const CONFIG = 'config.json';
const METADATA = 'metadata.json';
const WEIGHTS = 'model.weights.h5';
const SHARDED_WEIGHTS = 'model.weights.json';
const MAIN = 0;

/** Whether the members of a zip archive are those of a `.keras` file. */
export function isKerasArchive(memberNames: readonly string[]): boolean {
  const has = (name: string): boolean => memberNames.includes(name);
  return has(CONFIG) && (has(METADATA) || has(WEIGHTS) || has(SHARDED_WEIGHTS));
}

/**
 * Reads a `.keras` file: a zip archive of the configuration and the weights, one HDF5 file or several shards.
 * @throws FormatError, UnsupportedError naming the member or data set; IoError.
 * Source: saving_lib.py of Keras 3.15.
 */
export async function readKeras(files: ModelFiles, compression: Compression): Promise<Model> {
  const archive = new KerasArchive(files.main, compression);
  await archive.open();
  const config = await archive.json(CONFIG);
  if (config === null) throw noConfig(files.main);
  const metadata = (await archive.json(METADATA)) ?? {};
  const groups = await archive.addWeights();
  const { weights } = archive;
  const version = isJsonObject(metadata) ? metadata['keras_version'] : undefined;
  const topology = isJsonObject(config) ? { ...config, keras_version: version } : config;
  const names = await nameNumberedVariables(weights.tensors, groups, modelOf(topology));
  const structure = readStructure(topology, weights.tensors, names);
  const said = typeof version === 'string' ? `Keras ${version} model` : 'Keras model';
  return assembleModel(FORMAT, weightsOf(weights), structure, {
    formatLabel: `${said} (.keras)`,
    metadata: isJsonObject(metadata) ? metadata : {},
  });
}

class KerasArchive {
  readonly weights: WeightFiles;
  private readonly parts: ZipPart[] = [];
  private members: ReadonlyMap<string, ZipMember> = new Map();

  constructor(
    private readonly source: ByteSource,
    private readonly compression: Compression,
  ) {
    this.weights = new WeightFiles([source], compression);
  }

  async open(): Promise<void> {
    const members = await readZipDirectory(this.source, FORMAT);
    // Of two members of one name Python's zipfile reads the last.
    this.members = new Map(members.map((member) => [member.name, member]));
    const repeated = members.filter((member) => this.members.get(member.name) !== member);
    for (const { name } of repeated) {
      const message = `the archive holds ${JSON.stringify(name)} twice; the last one counts, as in Keras`;
      this.weights.notices.push({ code: 'duplicate-member', message });
    }
  }

  /** A member's JSON; null where there is no such member. */
  async json(name: string): Promise<unknown> {
    const member = this.members.get(name);
    if (member === undefined) return null;
    const bytes = await this.wholeMember(member, MAX_MODEL_JSON_BYTES);
    return parseJson(bytes, { format: FORMAT, place: `member ${JSON.stringify(name)}` });
  }

  /** Adds the tensors of all weights. @returns the groups of all HDF5 files together. */
  async addWeights(): Promise<Hdf5Groups> {
    const names = this.members.has(SHARDED_WEIGHTS)
      ? shardNames(await this.json(SHARDED_WEIGHTS), { format: FORMAT, place: SHARDED_WEIGHTS })
      : [WEIGHTS].filter((name) => this.members.has(name));
    const groups = new Map<string, Hdf5Group>();
    for (const name of names) {
      const member = this.members.get(name);
      if (member === undefined) throw missingShard(name);
      for (const [path, group] of await this.addMember(member)) groups.set(path, group);
    }
    const { parts, compression } = this;
    if (parts.length > 0) {
      this.weights.containers.push(zipContainer({ fileIndex: MAIN, parts, compression }));
    }
    return groups;
  }

  /** A stored member whose tensors lie in it as they are is edited in the archive itself. */
  private async addMember(member: ZipMember): Promise<Hdf5Groups> {
    const file = await this.openMember(member);
    const hdf5 = await readHdf5(file, this.compression);
    if (member.method === STORED && !needsContainer(hdf5)) {
      this.weights.add(hdf5, { fileIndex: MAIN, byteOffset: member.dataOffset }, kerasRole);
      this.addChecksum(member, MAIN, member.dataOffset);
    } else {
      const fileIndex = this.weights.files.push(file) - 1;
      this.parts.push({ fileIndex, member });
      this.weights.add(hdf5, { fileIndex, byteOffset: 0 }, kerasRole);
      this.addChecksum(member, fileIndex, 0);
    }
    return hdf5.groups;
  }

  private addChecksum(member: ZipMember, fileIndex: number, byteOffset: number): void {
    this.weights.checksums.push({
      name: member.name,
      span: { fileIndex, byteOffset, byteLength: member.byteLength },
      crc32: member.crc32,
      update: this.compression.crc32,
      crcOffsets: member.crcOffsets.map((offset) => ({ fileIndex: MAIN, byteOffset: offset })),
    });
  }

  private async openMember(member: ZipMember): Promise<ByteSource> {
    const { name, method, dataOffset, byteLength, compressedBytes } = member;
    assertReadable(member);
    if (method === STORED) {
      const slice = sliceSource(this.source, dataOffset, byteLength);
      return { ...slice, name, derived: true };
    }
    // HDF5 is read here and there: a stream that only runs forward would start again and again.
    if (byteLength <= MAX_INFLATED_HDF5_BYTES) {
      return memorySource(name, await this.inflateWhole(member));
    }
    return this.compression.openInflated({
      source: this.source,
      byteOffset: dataOffset,
      compressedBytes,
      byteLength,
      name,
      place: `member ${JSON.stringify(name)}`,
      wrapper: 'raw',
    });
  }

  private async wholeMember(member: ZipMember, most: number): Promise<Uint8Array> {
    assertReadable(member);
    const place = { format: FORMAT, place: `member ${JSON.stringify(member.name)}` };
    if (member.byteLength > most) {
      const found = `${member.byteLength} bytes`;
      throw new FormatError({ ...place, found, allowed: `at most ${most}` });
    }
    const bytes =
      member.method === STORED
        ? await readBytes(this.source, member.dataOffset, member.byteLength)
        : await this.inflateWhole(member);
    const crc32 = this.compression.crc32(bytes);
    if (crc32 === member.crc32) return bytes;
    throw new FormatError({
      ...place,
      found: `CRC-32 ${crc32.toString(16)}: the bytes are damaged`,
      allowed: `${member.crc32.toString(16)} as stored beside them`,
    });
  }

  private async inflateWhole(member: ZipMember): Promise<Uint8Array<ArrayBuffer>> {
    const compressed = await readBytes(this.source, member.dataOffset, member.compressedBytes);
    return this.compression.inflate(compressed, {
      byteLength: member.byteLength,
      place: `member ${JSON.stringify(member.name)}`,
      wrapper: 'raw',
    });
  }
}

function assertReadable(member: ZipMember): void {
  const { name, method, encrypted, byteLength, compressedBytes } = member;
  if (encrypted || (method !== STORED && method !== DEFLATED)) {
    throw new UnsupportedError({
      feature: `keras member ${JSON.stringify(name)}`,
      found: encrypted ? 'an encrypted member' : `compression method ${method}`,
      supported: 'stored and deflated members',
    });
  }
  if (method !== STORED || compressedBytes === byteLength) return;
  throw new FormatError({
    format: FORMAT,
    place: `member ${JSON.stringify(name)}`,
    found: `${compressedBytes} stored bytes for ${byteLength}`,
    allowed: 'the same number: the member is not compressed',
  });
}

function noConfig(source: ByteSource): FormatError {
  return new FormatError({
    format: FORMAT,
    place: source.name,
    found: `an archive without ${CONFIG}`,
    allowed: `an archive with ${CONFIG}, ${METADATA} and ${WEIGHTS}`,
  });
}

function missingShard(name: string): FormatError {
  return new FormatError({
    format: FORMAT,
    place: SHARDED_WEIGHTS,
    found: `the shard ${JSON.stringify(name)}, which the archive does not hold`,
    allowed: 'shards that are members',
  });
}
