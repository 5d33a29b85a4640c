import { UnsupportedError } from '../../core/errors';
import type { EngineChoice } from '../../core/graph/engineChoice';
import { startTfjs, startTfjsWith } from '../tfjs/startTfjs';
import { loadTfjsNode } from './loadTfjsNode';

/**
 * Starts TensorFlow.js on the native engine where that is wanted and works, else on WebAssembly.
 * @returns the engine in words, with the reason where an installed native engine was not used.
 * @throws UnsupportedError where the native engine alone was asked for and cannot be used.
 */
export async function startEngine({ preference, native }: EngineChoice): Promise<string> {
  const isWanted = preference === 'auto' || preference === 'tfjs-node';
  if (isWanted && native.kind === 'usable') {
    return startTfjsWith(() => loadTfjsNode(native.folder));
  }
  if (preference === 'tfjs-node') {
    throw new UnsupportedError({
      feature: 'the native engine',
      found: native.kind === 'broken' ? native.reason : 'none installed',
      supported: 'an installed @tensorflow/tfjs-node; or the engine auto',
    });
  }
  if (preference !== 'auto' || native.kind !== 'broken') return startTfjs();
  return startTfjsWith(
    async (own) => `${await own()}; the native engine was not used: ${native.reason}`,
  );
}
