import path from 'node:path';
import { UsageError } from '../core/errors';
import type { Evaluation } from '../core/evaluation/evaluation';
import type { Recipe } from '../core/recipe/recipe';
import { runJob } from '../worker/jobClient';
import type { Command, CommandContext } from './command';
import { modelPath } from './modelArguments';
import { COMMON_OPTIONS, DATA_OPTIONS, parseArguments, textOption } from './options';
import { evaluationRows } from './printReport';
import { recipeFromOptions } from './recipeFromOptions';
import { formatTable } from './table';

/** `evaluate FILE [--against FILE2]`: metrics on data. */
export const evaluateCommand: Command = {
  async run(args, context) {
    const options = {
      ...COMMON_OPTIONS,
      ...DATA_OPTIONS,
      against: { type: 'string' },
      seed: { type: 'string' },
    } as const;
    const { values, positionals } = parseArguments(args, options);
    const recipe = await recipeFromOptions(values);
    const file = modelPath(positionals, recipe, 'evaluate');
    const other = textOption(values, 'against');
    const evaluation = await evaluate(file, recipe, context);
    const against =
      other === undefined ? null : await evaluate(path.resolve(other), recipe, context);
    const print = values['json'] === true ? asJson : asText;
    process.stdout.write(print(evaluation, against));
  },
};

async function evaluate(
  file: string,
  recipe: Recipe,
  { control, signal }: CommandContext,
): Promise<Evaluation> {
  const { data, architecture, seed } = recipe;
  if (data === undefined) throw new UsageError('evaluate: found no data; allowed: --data FILE');
  const request = { path: file, architecture: architecture ?? null, cuts: [], data, seed };
  return runJob('evaluate', request, { signal, report: control.report });
}

function asJson(evaluation: Evaluation, against: Evaluation | null): string {
  const document = against === null ? evaluation : { ...evaluation, against };
  return `${JSON.stringify(document)}\n`;
}

function asText(evaluation: Evaluation, against: Evaluation | null): string {
  const columns = [
    { title: '', align: 'left' },
    { title: 'model', align: 'right' },
    ...(against === null ? [] : [{ title: 'against', align: 'right' } as const]),
  ] as const;
  return formatTable(columns, evaluationRows(evaluation, against));
}
