import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { NATIVE_PACKAGE } from '../../core/graph/nativePackage';

/** Only what is fatal: TensorFlow writes notices to the standard error. */
const QUIET_LOG_LEVEL = '3';

/**
 * Loads the native package from a folder and computes on it from then on. It brings a core of its own,
 * which finds its registries on the global object and so becomes a backend of ours.
 * @returns the engine in words.
 * @throws what the package throws where it does not fit this machine; it may also end the process.
 */
export async function loadTfjsNode(folder: string): Promise<string> {
  tf.env().set('PROD', true);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= QUIET_LOG_LEVEL;
  restoreRemovedFunctions();
  const requireThere = createRequire(path.join(folder, 'package.json'));
  const loaded = requireThere(NATIVE_PACKAGE) as { readonly version?: Record<string, string> };
  if (!(await tf.setBackend('tensorflow'))) {
    throw new Error(`${NATIVE_PACKAGE} was loaded, but its backend could not be set`);
  }
  return `TensorFlow.js native (${NATIVE_PACKAGE} ${loaded.version?.['tfjs-node'] ?? ''})`;
}

/** Removed in Node 23, still called by version 4.22.0. */
function restoreRemovedFunctions(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  functions['isArray'] ??= Array.isArray;
}
