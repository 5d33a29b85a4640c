import { UnsupportedError } from '../../../core/errors';
import { decodeJpeg } from './decodeJpeg';
import { decodePng } from './decodePng';

/** A picture's samples, row by row from the top, channels last, not scaled. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** Grey, grey and alpha, RGB, RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Full scale is 255, or 65535 for 16 bits. */
  readonly samples: Uint8Array | Uint16Array;
}

/**
 * Decodes a PNG or JPEG file.
 * @param place the file, for messages
 * @throws UnsupportedError for another kind of picture; FormatError for a broken one.
 */
export async function decodeImage(bytes: Uint8Array, place: string): Promise<DecodedImage> {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return decodePng(bytes, place);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes, place);
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  throw new UnsupportedError({
    feature: `picture ${place}`,
    found: `${bytes.length} bytes that begin with ${start}`,
    supported: 'PNG and JPEG',
  });
}
