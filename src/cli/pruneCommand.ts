import path from 'node:path';
import { UsageError } from '../core/errors';
import { pruneRecipe } from '../core/recipe/pipeline';
import { assertNotRead } from '../node/assertNotInput';
import type { Command } from './command';
import { ENGINE_OPTIONS, useEngineOption } from './engineOption';
import { filesRead } from './filesRead';
import { commandPorts, modelPath } from './modelArguments';
import { COMMON_OPTIONS, DATA_OPTIONS, parseArguments, PRUNE_OPTIONS, textOption } from './options';
import { printReport } from './printReport';
import { recipeFromOptions } from './recipeFromOptions';
import { SAVE_MASK_OPTIONS, saveMaskOption } from './saveMaskOption';

/** `prune FILE -o OUT`: writes the pruned model, with figures before and after when data is given. */
export const pruneCommand: Command = {
  async run(args, { control, signal }) {
    const options = {
      ...COMMON_OPTIONS,
      ...PRUNE_OPTIONS,
      ...DATA_OPTIONS,
      ...ENGINE_OPTIONS,
      ...SAVE_MASK_OPTIONS,
      output: { type: 'string', short: 'o' },
    } as const;
    const { values, positionals } = parseArguments(args, options);
    useEngineOption(values);
    const recipe = await recipeFromOptions(values);
    const model = modelPath(positionals, recipe, 'prune');
    const output = textOption(values, 'output') ?? recipe.output;
    if (output === undefined) {
      throw new UsageError('prune: found no output; allowed: -o OUT, or a recipe that names one');
    }
    const target = path.resolve(output);
    const inputs = await filesRead(values, recipe, model);
    await assertNotRead(target, inputs);
    const request = {
      path: model,
      recipe,
      output: target,
      // Naming an output is asking for it; only the original itself is never replaced.
      replace: true,
      measureGzip: values['gzip'] === true,
      ...(await saveMaskOption(values, [...inputs, target])),
    };
    const report = await pruneRecipe(request, commandPorts(signal), control);
    process.stdout.write(
      values['json'] === true ? `${JSON.stringify(report)}\n` : printReport(report),
    );
  },
};
