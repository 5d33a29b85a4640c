import { UnsupportedError } from '../../errors';
import { crc32 } from '../zip/crc32';
import { encodeNpyHeader, type NpyDescr } from './npyHeader';

/** An array under its name in the archive. */
export interface NamedArray extends NpyArray {
  readonly name: string;
}

/** Values in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
}

/** Offsets of a zip without the zip64 extension are 32 bits wide. */
const MAX_ARCHIVE_BYTES = 2 ** 32 - 1;

/** 1980-01-01 00:00, the earliest date a zip can hold: the same arrays give the same bytes. */
const DOS_DATE = 0x0021;

/** Names are UTF-8. */
const UTF8_FLAG = 0x0800;

/**
 * float32 arrays as an npz that NumPy reads: a zip of .npy members, stored without compression.
 * @throws UnsupportedError when the archive would be 4 GiB or larger, or two arrays have one name.
 * Source: NEP 1 (the .npy format, version 1.0); PKWARE APPNOTE 6.3.3.
 */
export function encodeNpz(arrays: readonly NamedArray[]): Uint8Array<ArrayBuffer> {
  const members = arrays.map((array) => makeMember(array));
  assertEncodable(members);
  const bodies = members.reduce((sum, { name, data }) => sum + 30 + name.length + data.length, 0);
  const directory = members.reduce((sum, { name }) => sum + 46 + name.length, 0);
  const archive = new Uint8Array(bodies + directory + 22);
  const writer = new ZipWriter(archive);
  const offsets = members.map((member) => writer.addMember(member));
  members.forEach((member, i) => writer.addDirectoryEntry(member, offsets[i] ?? 0));
  writer.end(members.length, bodies, directory);
  return archive;
}

interface Member {
  readonly name: Uint8Array;
  readonly data: Uint8Array;
  readonly crc: number;
}

function makeMember(array: NamedArray): Member {
  const data = encodeNpy(array);
  return { name: new TextEncoder().encode(`${array.name}.npy`), data, crc: crc32(data) };
}

function assertEncodable(members: readonly Member[]): void {
  const bytes = members.reduce(
    (sum, { name, data }) => sum + data.length + 2 * name.length + 76,
    22,
  );
  const names = new Set(members.map(({ name }) => new TextDecoder().decode(name)));
  if (bytes <= MAX_ARCHIVE_BYTES && names.size === members.length) return;
  throw new UnsupportedError({
    feature: 'writing an npz',
    found: bytes > MAX_ARCHIVE_BYTES ? `${bytes} bytes` : 'two arrays of one name',
    supported: `at most ${MAX_ARCHIVE_BYTES} bytes, names that differ`,
  });
}

/** The bytes of a .npy file: header, then values. */
export function encodeNpy({ shape, values }: NpyArray): Uint8Array<ArrayBuffer> {
  const header = encodeNpyHeader(shape, descrOf(values));
  const bytes = new Uint8Array(header.length + values.byteLength);
  bytes.set(header);
  writeValues(new DataView(bytes.buffer), header.length, values);
  return bytes;
}

function descrOf(values: NpyArray['values']): NpyDescr {
  if (values instanceof Float64Array) return '<f8';
  return values instanceof Float32Array ? '<f4' : '|u1';
}

/** Little-endian, whatever the machine. */
function writeValues(view: DataView, start: number, values: NpyArray['values']): void {
  const size = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const at = start + i * size;
    if (values instanceof Float64Array) view.setFloat64(at, value, true);
    else if (values instanceof Float32Array) view.setFloat32(at, value, true);
    else view.setUint8(at, value);
  }
}

class ZipWriter {
  private readonly view: DataView;
  private offset = 0;

  constructor(private readonly archive: Uint8Array<ArrayBuffer>) {
    this.view = new DataView(archive.buffer);
  }

  /** @returns where the member's header stands. */
  addMember({ name, data, crc }: Member): number {
    const start = this.offset;
    this.uint32(0x04034b50);
    this.commonFields({ name, data, crc });
    this.bytes(name);
    this.bytes(data);
    return start;
  }

  addDirectoryEntry({ name, data, crc }: Member, headerOffset: number): void {
    this.uint32(0x02014b50);
    this.uint16(20);
    this.commonFields({ name, data, crc });
    // Comment length, disk number, internal attributes.
    this.uint16(0);
    this.uint16(0);
    this.uint16(0);
    // External attributes.
    this.uint32(0);
    this.uint32(headerOffset);
    this.bytes(name);
  }

  end(count: number, directoryOffset: number, directoryBytes: number): void {
    this.uint32(0x06054b50);
    // This disk, and the one with the directory.
    this.uint16(0);
    this.uint16(0);
    this.uint16(count);
    this.uint16(count);
    this.uint32(directoryBytes);
    this.uint32(directoryOffset);
    this.uint16(0);
  }

  /** From the version needed up to the length of the extra field, the same in both headers. */
  private commonFields({ name, data, crc }: Member): void {
    this.uint16(20);
    this.uint16(UTF8_FLAG);
    // Stored.
    this.uint16(0);
    this.uint16(0);
    this.uint16(DOS_DATE);
    this.uint32(crc);
    this.uint32(data.length);
    this.uint32(data.length);
    this.uint16(name.length);
    this.uint16(0);
  }

  private uint16(value: number): void {
    this.view.setUint16(this.offset, value, true);
    this.offset += 2;
  }

  private uint32(value: number): void {
    this.view.setUint32(this.offset, value, true);
    this.offset += 4;
  }

  private bytes(bytes: Uint8Array): void {
    this.archive.set(bytes, this.offset);
    this.offset += bytes.length;
  }
}
