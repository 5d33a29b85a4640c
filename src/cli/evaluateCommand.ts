import path from 'node:path';
import { UsageError } from '../core/errors';
import type { ComparedEvaluations } from '../core/evaluation/comparison';
import type { EvaluatedModel, EvaluationTerms } from '../core/evaluation/evaluateRequest';
import type { Evaluation } from '../core/evaluation/evaluation';
import { missingLabels } from '../core/evaluation/missingLabels';
import type { Recipe } from '../core/recipe/recipe';
import { currentEngine } from '../worker/currentEngine';
import { runJob } from '../worker/jobClient';
import type { Command, CommandContext } from './command';
import { ENGINE_OPTIONS, useEngineOption } from './engineOption';
import { explainedData, explanationText, scaleSuggestion } from './explainData';
import { modelPath } from './modelArguments';
import { COMMON_OPTIONS, DATA_OPTIONS, parseArguments, textOption } from './options';
import { printComparison } from './printComparison';
import { evaluationRows } from './printEvaluation';
import { recipeFromOptions } from './recipeFromOptions';
import { type Column, formatTable } from './table';

const OPTIONS = {
  ...COMMON_OPTIONS,
  ...DATA_OPTIONS,
  ...ENGINE_OPTIONS,
  against: { type: 'string' },
  latency: { type: 'boolean' },
  explain: { type: 'boolean' },
  seed: { type: 'string' },
} as const;

/** `evaluate FILE [--against FILE2]`: metrics on data. */
export const evaluateCommand: Command = {
  async run(args, context) {
    const { values, positionals } = parseArguments(args, OPTIONS);
    useEngineOption(values);
    const recipe = await recipeFromOptions(values);
    const architecture = recipe.architecture ?? null;
    const model = { path: modelPath(positionals, recipe, 'evaluate'), architecture, cuts: [] };
    const terms = termsOf(recipe);
    if (values['explain'] === true) {
      const view = await explainedData({
        modelPath: model.path,
        architecture,
        data: terms.data.file,
      });
      process.stdout.write(
        values['json'] === true ? `${JSON.stringify(view)}\n` : explanationText(view),
      );
      return;
    }
    await hintAtScale(model, terms);
    const against = textOption(values, 'against');
    const asJson = values['json'] === true;
    if (against === undefined) {
      const evaluation = await evaluate(model, terms, context);
      process.stdout.write(asJson ? `${JSON.stringify(evaluation)}\n` : evaluationText(evaluation));
      return;
    }
    const other = { ...model, path: path.resolve(against) };
    const latency = values['latency'] !== false;
    const compared = await compare({ before: other, after: model, latency }, terms, context);
    process.stdout.write(asJson ? comparisonJson(compared) : comparisonText(compared));
  },
};

function termsOf({ data, seed }: Recipe): EvaluationTerms {
  if (data === undefined) throw new UsageError('evaluate: found no data; allowed: --data FILE');
  return { data, seed };
}

/** Pixels that go in unscaled make a good model look like a bad one; so that is said, beside the result. */
async function hintAtScale(
  { path: modelFile, architecture }: EvaluatedModel,
  { data }: EvaluationTerms,
): Promise<void> {
  if (data.scale !== undefined || data.mean !== undefined || data.std !== undefined) return;
  const view = await explainedData({ modelPath: modelFile, architecture, data: data.file });
  for (const words of scaleSuggestion(view)) process.stderr.write(`Suggested: ${words}\n`);
}

async function evaluate(
  model: EvaluatedModel,
  terms: EvaluationTerms,
  { control, signal }: CommandContext,
): Promise<Evaluation> {
  const request = { ...model, ...terms, engine: await currentEngine() };
  const evaluation = await runJob('evaluate', request, { signal, report: control.report });
  if (evaluation === null) throw missingLabels(terms.data);
  return evaluation;
}

async function compare(
  models: { before: EvaluatedModel; after: EvaluatedModel; latency: boolean },
  terms: EvaluationTerms,
  { control, signal }: CommandContext,
): Promise<ComparedEvaluations> {
  const request = { ...models, ...terms, engine: await currentEngine() };
  return runJob('compare', request, { signal, report: control.report });
}

/** The model's own figures, those it is held against, and what the comparison says. */
function comparisonJson({ before, after, comparison }: ComparedEvaluations): string {
  const labelled = before === null || after === null ? {} : { ...after, against: before };
  return `${JSON.stringify({ samples: comparison.samples, ...labelled, comparison })}\n`;
}

const NAME_COLUMN: Column = { title: '', align: 'left' };

function evaluationText(evaluation: Evaluation): string {
  const columns = [NAME_COLUMN, { title: 'model', align: 'right' } as const];
  return formatTable(columns, evaluationRows(evaluation, null));
}

function comparisonText({ before, after, comparison }: ComparedEvaluations): string {
  const names = { before: 'against', after: 'model' };
  const columns: readonly Column[] = [
    NAME_COLUMN,
    { title: names.after, align: 'right' },
    { title: names.before, align: 'right' },
  ];
  const figures =
    before === null || after === null ? [] : [formatTable(columns, evaluationRows(after, before))];
  return [...figures, printComparison(comparison, names)].join('\n');
}
