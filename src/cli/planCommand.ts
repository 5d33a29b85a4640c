import { planRecipe } from '../core/recipe/pipeline';
import type { Command } from './command';
import { ENGINE_OPTIONS, useEngineOption } from './engineOption';
import { filesRead } from './filesRead';
import { commandPorts, modelPath } from './modelArguments';
import { COMMON_OPTIONS, DATA_OPTIONS, parseArguments, PRUNE_OPTIONS } from './options';
import { printReport } from './printReport';
import { recipeFromOptions } from './recipeFromOptions';
import { SAVE_MASK_OPTIONS, saveMaskOption } from './saveMaskOption';

/** `plan FILE`: thresholds, counts and sizes that `prune` would give; nothing is written. */
export const planCommand: Command = {
  async run(args, { control, signal }) {
    const options = {
      ...COMMON_OPTIONS,
      ...PRUNE_OPTIONS,
      ...DATA_OPTIONS,
      ...ENGINE_OPTIONS,
      ...SAVE_MASK_OPTIONS,
    };
    const { values, positionals } = parseArguments(args, options);
    useEngineOption(values);
    const recipe = await recipeFromOptions(values);
    const path = modelPath(positionals, recipe, 'plan');
    const measureGzip = values['gzip'] === true;
    const { report } = await planRecipe(
      {
        path,
        recipe,
        measureGzip,
        ...(await saveMaskOption(values, await filesRead(values, recipe, path))),
      },
      commandPorts(signal),
      control,
    );
    process.stdout.write(
      values['json'] === true ? `${JSON.stringify(report)}\n` : printReport(report),
    );
  },
};
