import { FormatError } from '../../../core/errors';
import { decodeImage, type DecodedImage } from './decodeImage';

/** Pictures by rows, each as the bytes of its file. */
export interface PictureBytes {
  readonly name: string;
  readonly rowCount: number;
  readonly forwardOnly: boolean;
  /** The file or the cell, for messages. */
  readonly placeOf: (row: number) => string;
  /** Calls `take` with the bytes of each row; null where there are none. */
  readonly visit: (
    from: number,
    to: number,
    take: (bytes: Uint8Array | null, row: number) => void,
  ) => Promise<void>;
}

/** Pictures by rows, decoded. */
export interface Pictures {
  readonly name: string;
  readonly rowCount: number;
  readonly forwardOnly: boolean;
  readonly placeOf: (row: number) => string;
  /** Calls `take` with each picture, one after the other. @throws FormatError, UnsupportedError, IoError. */
  readonly visit: (
    from: number,
    to: number,
    take: (picture: DecodedImage, row: number) => void,
  ) => Promise<void>;
}

/** Decodes pictures one row at a time, so that one is in memory. */
export function picturesOfBytes(source: PictureBytes): Pictures {
  const { name, rowCount, forwardOnly, placeOf } = source;
  return {
    name,
    rowCount,
    forwardOnly,
    placeOf,
    async visit(from, to, take) {
      for (let row = from; row < to; row++) {
        const place = placeOf(row);
        take(await decodeImage(await bytesOf(source, row), place), row);
      }
    },
  };
}

/** @throws FormatError where the row has none. */
async function bytesOf(source: PictureBytes, row: number): Promise<Uint8Array> {
  const found: (Uint8Array | null)[] = [];
  await source.visit(row, row + 1, (bytes) => found.push(bytes));
  const [bytes] = found;
  if (bytes !== undefined && bytes !== null) return bytes;
  throw new FormatError({
    format: 'image',
    place: source.placeOf(row),
    found: 'nothing',
    allowed: 'the bytes of a PNG or JPEG file',
  });
}
