import path from 'node:path';
import { UsageError } from '../core/errors';
import { ENGINE_PREFERENCES, type EngineWish } from '../core/graph/engineChoice';
import { useEngine } from '../worker/currentEngine';
import { type OptionValues, textOption } from './options';

/** Which engine runs networks, wherever they are run. */
export const ENGINE_OPTIONS = { engine: { type: 'string' } } as const;

/** Has networks run on the engine that is asked for. @throws UsageError for one that there is not. */
export function useEngineOption(values: OptionValues): void {
  useEngine(engineWish(textOption(values, 'engine')));
}

/** @param text of the option; the first engine that can run the model without it */
export function engineWish(text = 'auto'): EngineWish {
  const preference = ENGINE_PREFERENCES.find((name) => name === text);
  if (preference !== undefined) return { preference, nativeFolders: nativeFolders() };
  throw new UsageError(
    `--engine: found ${JSON.stringify(text)}; allowed: ${ENGINE_PREFERENCES.join(', ')}`,
  );
}

/** The folder that the environment names, and that of this package. */
function nativeFolders(): readonly string[] {
  const named = process.env['TFJS_NODE_DIR'];
  const own = path.dirname(__dirname);
  return named === undefined || named === '' ? [own] : [path.resolve(named), own];
}
