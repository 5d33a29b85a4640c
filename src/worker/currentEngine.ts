import { DEFAULT_ENGINE, type EngineChoice, type EngineWish } from '../core/graph/engineChoice';
import type { JobOptions } from './jobClient';
import { resolveEngine } from './resolveEngine';

type JobEntry = Pick<JobOptions, 'entry'>;

let wish: EngineWish = { preference: DEFAULT_ENGINE.preference, nativeFolders: [] };

/** What the user asks for, for all networks that this process has run from now on. */
export function useEngine(wanted: EngineWish): void {
  wish = wanted;
}

/** The engine for a network to be run now; the native one is tried out when it is first needed. */
export function currentEngine(options: JobEntry = {}): Promise<EngineChoice> {
  return resolveEngine(wish, options);
}
