import type { ScratchFile } from '../../src/core/model/modelSink';

/** A scratch file in memory, for small models. */
export function memoryScratch(): ScratchFile & { readonly bytes: () => Uint8Array } {
  let held = new Uint8Array(0);
  return {
    bytes: () => held,
    write(byteOffset, bytes) {
      if (held.length < byteOffset + bytes.length) {
        const larger = new Uint8Array(byteOffset + bytes.length);
        larger.set(held);
        held = larger;
      }
      held.set(bytes, byteOffset);
      return Promise.resolve();
    },
    readInto(byteOffset, target) {
      target.set(held.subarray(byteOffset, byteOffset + target.length));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
