import { UnsupportedError } from '../core/errors';
import { ENGINE_CHECK_MS } from './limits';
import type { EngineChoice, EngineWish, NativeEngine } from '../core/graph/engineChoice';
import { failureText } from '../engines/tfjsNode/failureText';
import { findTfjsNode } from '../engines/tfjsNode/findTfjsNode';
import { type JobOptions, runJob } from './jobClient';

type JobEntry = Pick<JobOptions, 'entry'>;

/** What was found of a folder's native engine stays true for the life of the process. */
const checked = new Map<string, Promise<NativeEngine>>();

/** The user's wish, with the native engine found and tried out where the wish may use it. */
export async function resolveEngine(
  wish: EngineWish,
  options: JobEntry = {},
): Promise<EngineChoice> {
  const { preference, nativeFolders } = wish;
  const mayUseNative = preference === 'auto' || preference === 'tfjs-node';
  const native: NativeEngine = mayUseNative
    ? await findNativeEngine(nativeFolders, options)
    : { kind: 'absent' };
  return { preference, native };
}

/** The native engine of the first folder that has one, tried out once a process in a child. */
export async function findNativeEngine(
  folders: readonly string[],
  options: JobEntry = {},
): Promise<NativeEngine> {
  const found = await findTfjsNode(folders);
  if (found === null) return { kind: 'absent' };
  const { folder, problem } = found;
  if (problem !== null) return { kind: 'broken', folder, reason: problem };
  const check = checked.get(folder) ?? checkNativeEngine(folder, options);
  checked.set(folder, check);
  return check;
}

/** For an installation that has just changed. */
export function forgetNativeEngine(): void {
  checked.clear();
}

async function checkNativeEngine(folder: string, options: JobEntry): Promise<NativeEngine> {
  const signal = AbortSignal.timeout(ENGINE_CHECK_MS);
  try {
    await runJob('checkNativeEngine', { folder }, { ...options, signal });
    return { kind: 'usable', folder };
  } catch (error) {
    if (!signal.aborted) return { kind: 'broken', folder, reason: reasonOf(error) };
    const reason = `it did not answer within ${ENGINE_CHECK_MS / 1000} s`;
    return { kind: 'broken', folder, reason };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof UnsupportedError ? error.detail.found : failureText(error);
}
