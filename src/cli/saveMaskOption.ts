import path from 'node:path';
import type { SaveMasks } from '../core/recipe/pipeline';
import { writeMasks } from '../core/selection/masks/writeMasks';
import { assertNotInput } from '../node/assertNotInput';
import { writeAtomically } from '../node/writeAtomically';
import { type OptionValues, textOption } from './options';

/** Where what goes is kept. */
export const SAVE_MASK_OPTIONS = { 'save-mask': { type: 'string' } } as const;

/**
 * What `--save-mask FILE.npz` asks of a run; nothing where it is not given.
 * @param inputs files that must not be written over
 * @throws UsageError where the file is one of them.
 */
export async function saveMaskOption(
  values: OptionValues,
  inputs: readonly string[],
): Promise<{ readonly saveMasks?: SaveMasks }> {
  const given = textOption(values, 'save-mask');
  if (given === undefined) return {};
  const file = path.resolve(given);
  await assertNotInput(file, inputs);
  return {
    saveMasks: (model, entries, control) =>
      writeAtomically(file, (sink) => writeMasks(model, entries, sink, control)),
  };
}
