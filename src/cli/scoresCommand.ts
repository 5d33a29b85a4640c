import path from 'node:path';
import { UsageError } from '../core/errors';
import { verifyChecksums } from '../core/model/verifyChecksums';
import type { Recipe } from '../core/recipe/recipe';
import { planScoring } from '../core/selection/planScoring';
import { type ScoreReport, writeScores } from '../core/selection/writeScores';
import { assertNotInput } from '../node/assertNotInput';
import { openModelFile } from '../node/openModel';
import { writeAtomically } from '../node/writeAtomically';
import type { Command, CommandContext } from './command';
import { ENGINE_OPTIONS, useEngineOption } from './engineOption';
import { filesRead } from './filesRead';
import { formatFigure } from './formatNumber';
import { commandPorts, modelPath } from './modelArguments';
import {
  CALIBRATION_OPTIONS,
  COMMON_OPTIONS,
  DATA_OPTIONS,
  parseArguments,
  PRUNE_OPTIONS,
  textOption,
} from './options';
import { recipeFromOptions } from './recipeFromOptions';
import { type Column, formatTable } from './table';

const OPTIONS = {
  ...COMMON_OPTIONS,
  ...DATA_OPTIONS,
  ...CALIBRATION_OPTIONS,
  ...ENGINE_OPTIONS,
  criterion: PRUNE_OPTIONS.criterion,
  option: PRUNE_OPTIONS.option,
  granularity: PRUNE_OPTIONS.granularity,
  layers: PRUNE_OPTIONS.layers,
  exclude: PRUNE_OPTIONS.exclude,
  'weight-layout': PRUNE_OPTIONS['weight-layout'],
  seed: PRUNE_OPTIONS.seed,
  out: { type: 'string' },
} as const;

/** `scores FILE --criterion C --out s.npz`: what a criterion says of each weight, or of each unit. */
export const scoresCommand: Command = {
  async run(args, context) {
    const { values, positionals } = parseArguments(args, OPTIONS);
    useEngineOption(values);
    const recipe = await recipeFromOptions(values);
    const file = modelPath(positionals, recipe, 'scores');
    const out = textOption(values, 'out');
    if (out === undefined) {
      throw new UsageError(
        'scores: found no --out; allowed: scores FILE --criterion C --out s.npz',
      );
    }
    const output = path.resolve(out);
    await assertNotInput(output, await filesRead(values, recipe, file));
    const report = await writeScoresOf({ file, recipe, output }, context);
    process.stdout.write(
      values['json'] === true ? `${JSON.stringify({ ...report, output })}\n` : asText(report, out),
    );
  },
};

interface ScoresRequest {
  readonly file: string;
  readonly recipe: Recipe;
  readonly output: string;
}

async function writeScoresOf(
  { file, recipe, output }: ScoresRequest,
  { control, signal }: CommandContext,
): Promise<ScoreReport> {
  const opened = await openModelFile(file, { architecture: recipe.architecture ?? null });
  try {
    const { model } = opened;
    await verifyChecksums(model, control);
    const scoring = planScoring(commandPorts(signal).scoring, file, recipe);
    const reports: ScoreReport[] = [];
    await writeAtomically(output, async (sink) => {
      reports.push(await writeScores({ model, recipe, scoring, control }, sink));
    });
    const [report] = reports;
    if (report === undefined) throw new Error('scores were written without a report');
    return report;
  } finally {
    await opened.close();
  }
}

const COLUMNS: readonly Column[] = [
  { title: 'tensor', align: 'left' },
  { title: 'scores', align: 'left' },
  { title: 'type', align: 'left' },
  { title: 'smallest', align: 'right' },
  { title: 'largest', align: 'right' },
];

function asText(
  { tensors, samples, engine, notes = [], warnings }: ScoreReport,
  out: string,
): string {
  const rows = tensors.map(({ name, shape, dtype, min, max }) => [
    name,
    shape.join('×'),
    dtype,
    formatFigure(min),
    formatFigure(max),
  ]);
  const found =
    samples === undefined ? '' : `Found on ${samples} samples by ${engine ?? 'no engine'}.\n`;
  const said = [...notes, ...warnings].map((warning) => `warning: ${warning}\n`);
  return `${formatTable(COLUMNS, rows)}\n${found}Written: ${out}\n${said.join('')}`;
}
