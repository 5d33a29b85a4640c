import type { ByteSource } from '../../io';
import { fillElements } from './chunkedSource';

/** The values of a data set that was never written: its fill value over and over. */
export function unwrittenSource(
  name: string,
  byteLength: number,
  fillValue: Uint8Array | null,
): ByteSource {
  return {
    name,
    byteLength,
    derived: true,
    readInto(byteOffset, target) {
      fillElements(target, fillValue, byteOffset);
      return Promise.resolve();
    },
  };
}
