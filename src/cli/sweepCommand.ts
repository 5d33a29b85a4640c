import path from 'node:path';
import { sweepCsv } from '../core/sweep/sweepCsv';
import { runSweep } from '../core/sweep/runSweep';
import type { SweepBest, SweepRequest, SweepResult } from '../core/sweep/sweep';
import type { Command } from './command';
import { useEngineOption } from './engineOption';
import { filesRead } from './filesRead';
import { modelPath, sweepPorts } from './modelArguments';
import { numberList } from './numberList';
import { parseArguments, textOption } from './options';
import { printSweep } from './printSweep';
import { pruneCommandText } from './pruneCommandText';
import { recipeFromOptions } from './recipeFromOptions';
import { MEASURED_OPTIONS, methodsFromOptions, withBounds } from './sweepOptions';
import { writeTables } from './writeTables';

const OPTIONS = {
  ...MEASURED_OPTIONS,
  criteria: { type: 'string', multiple: true },
  sparsities: { type: 'string' },
  seeds: { type: 'string' },
  'accuracy-drop': { type: 'string' },
  'loss-increase': { type: 'string' },
} as const;

/** Steps of a tenth, closer where networks give way. */
const DEFAULT_SPARSITIES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/** `sweep FILE --criteria A,B --sparsities 0:0.9:0.1 data`: metric against sparsity for several criteria. */
export const sweepCommand: Command = {
  async run(args, { control, signal }) {
    const { values, positionals } = parseArguments(args, OPTIONS);
    useEngineOption(values);
    const recipe = withBounds(await recipeFromOptions(values), values);
    const file = modelPath(positionals, recipe, 'sweep');
    const request: SweepRequest = {
      path: file,
      recipe,
      methods: methodsFromOptions(values),
      sparsities: numberList(values, 'sparsities') ?? DEFAULT_SPARSITIES,
      seeds: numberList(values, 'seeds') ?? [recipe.seed],
    };
    const outputs = { json: textOption(values, 'out'), csv: textOption(values, 'csv') };
    const inputs = await filesRead(values, recipe, request.path);
    const result = await writeTables(outputs, inputs, async () => {
      const found = withCommands(await runSweep(request, sweepPorts(signal), control), {
        values,
        file: positionals[0] ?? path.relative('', file),
        request,
      });
      return { result: found, json: `${JSON.stringify(found)}\n`, csv: sweepCsv(found) };
    });
    process.stdout.write(
      values['json'] === true ? `${JSON.stringify(result)}\n` : printSweep(result),
    );
  },
};

/** A sweep with the command that gives each of its best points. */
export interface CommandedSweep extends SweepResult {
  readonly best: CommandedBest | null;
  readonly bestOfEach: readonly CommandedBest[];
}

interface CommandedBest extends SweepBest {
  readonly command: string;
}

function withCommands(
  result: SweepResult,
  given: Parameters<typeof pruneCommandText>[1],
): CommandedSweep {
  const commanded = (best: SweepBest): CommandedBest => ({
    ...best,
    command: pruneCommandText(best, given),
  });
  return {
    ...result,
    best: result.best === null ? null : commanded(result.best),
    bestOfEach: result.bestOfEach.map(commanded),
  };
}
