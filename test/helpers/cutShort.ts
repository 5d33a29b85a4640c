import assert from 'node:assert/strict';
import { FormatError } from '../../src/core/errors';
import { memorySource, sliceSource } from '../../src/core/formats/memorySource';
import { readModel } from '../../src/core/formats/registry';
import type { ModelFiles } from '../../src/core/io';
import { compression } from '../../src/node/compression';

/**
 * That a model file whose first `length` bytes are all there is gets refused with a FormatError, for each of the
 * lengths. The file lies in memory: thousands of cuts on disk would take minutes.
 * @param name of the file, which may tell the format
 */
export async function assertCutsRefused(
  name: string,
  whole: Uint8Array,
  lengths: Iterable<number>,
): Promise<void> {
  for (const length of lengths) {
    const error = await failureOf(
      readModel(fileAlone(name, whole.subarray(0, length)), compression),
    );
    assert.notEqual(error, null, `cut at ${length} bytes it was accepted`);
    assert.ok(error instanceof FormatError, `cut at ${length} bytes: ${String(error)}`);
  }
}

/** A file with nothing beside it. */
function fileAlone(name: string, bytes: Uint8Array): ModelFiles {
  return {
    // A slice, because a file that is in memory as a whole counts as derived from another.
    main: sliceSource(memorySource(name, bytes), 0, bytes.length),
    openBeside: () => Promise.reject(new Error(`${name} asks for another file`)),
    close: () => Promise.resolve(),
  };
}

/** What a promise is rejected with; null when it is not. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error;
  }
}
