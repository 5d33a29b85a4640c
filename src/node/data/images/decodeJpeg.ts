import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../../../core/errors';
import { MAX_IMAGE_PIXELS } from '../limits';
import type { DecodedImage } from './decodeImage';

const WASM_FILE = 'mozjpeg_dec.wasm';

type Decode = (bytes: ArrayBuffer) => Promise<{
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}>;

let decoder: Promise<Decode> | null = null;

/** Of the picture in hand; pictures are decoded one after the other, without a pause inside. */
let complaints: string[] = [];

/**
 * Decodes a JPEG with libjpeg's own code as WebAssembly, so that pixels equal those of Python's readers.
 * The orientation that a camera notes is left alone, as they do.
 * @throws FormatError where the file is broken or too large.
 */
export async function decodeJpeg(bytes: Uint8Array, place: string): Promise<DecodedImage> {
  const { width, height, components } = readFrame(bytes, place);
  const decode = await (decoder ??= loadDecoder());
  const rgba = await decodeWith(decode, bytes, place);
  if (rgba.width !== width || rgba.height !== height) {
    const allowed = `${width} x ${height}, as its frame says`;
    throw broken(place, `${rgba.width} x ${rgba.height} pixels`, allowed);
  }
  const channels = components === 1 ? 1 : 3;
  return { width, height, channels, samples: withoutAlpha(rgba.data, channels) };
}

/** A picture that ends too soon would be filled up with grey; other readers refuse it too. */
async function decodeWith(decode: Decode, bytes: Uint8Array, place: string) {
  complaints = [];
  try {
    const decoded = await decode(new Uint8Array(bytes).buffer);
    if (!complaints.some((text) => text.startsWith('Premature end'))) return decoded;
  } catch (error) {
    const thrown = error instanceof Error ? error.message : String(error);
    complaints.push(thrown);
  }
  throw broken(place, complaints.join('; '), 'a whole JPEG in grey or YCbCr');
}

function withoutAlpha(rgba: Uint8ClampedArray, channels: 1 | 3): Uint8Array {
  const samples = new Uint8Array((rgba.length / 4) * channels);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = rgba[Math.floor(i / channels) * 4 + (i % channels)] ?? 0;
  }
  return samples;
}

async function loadDecoder(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/jpeg/decode.js');
  const wasm = await readFile(wasmPath());
  // The decoder returns the browser's class, which Node has not.
  const scope = globalThis as unknown as { ImageData?: typeof PlainImageData };
  scope.ImageData ??= PlainImageData;
  await init({
    wasmBinary: new Uint8Array(wasm).buffer,
    // It tells what it stumbles over by printing.
    printErr: (text: string) => complaints.push(text),
  });
  return decode as Decode;
}

class PlainImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

/** Beside the bundle; in tests, which are bundled elsewhere, the package's own. */
function wasmPath(): string {
  const beside = path.join(__dirname, WASM_FILE);
  if (existsSync(beside)) return beside;
  const inPackage = path.join('node_modules/@jsquash/jpeg/codec/dec', WASM_FILE);
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, inPackage);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`${WASM_FILE} is not installed beside ${__dirname}`);
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/** Start of frame, of all codings but those that are other things (DHT, JPG, DAC). Source: ITU T.81, table B.1. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** The size stands before the picture, so that nothing large is made of a few bytes. Source: ITU T.81, B.2. */
function readFrame(bytes: Uint8Array, place: string): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) at++;
    else if (isFrame(marker) && at + 10 <= bytes.length) return frameAt(view, at, place);
    else at += 2 + view.getUint16(at + 2);
  }
  throw broken(place, 'no frame', 'a frame with the picture’s size', Math.min(at, bytes.length));
}

function frameAt(view: DataView, at: number, place: string): Frame {
  const height = view.getUint16(at + 5);
  const width = view.getUint16(at + 7);
  if (width === 0 || height === 0 || width * height > MAX_IMAGE_PIXELS) {
    const allowed = `at least one pixel, at most ${MAX_IMAGE_PIXELS}`;
    throw broken(place, `${width} x ${height} pixels`, allowed, at);
  }
  return { width, height, components: view.getUint8(at + 9) };
}

function broken(place: string, found: string, allowed: string, byteOffset?: number): FormatError {
  const at = byteOffset === undefined ? {} : { byteOffset };
  return new FormatError({ format: 'jpeg', place, found, allowed, ...at });
}
