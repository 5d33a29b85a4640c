import path from 'node:path';
import { optionWords, shellWords } from '../core/recipe/shellWords';
import type { SweepBest, SweepRequest } from '../core/sweep/sweep';
import { calibrationOfSeed } from '../core/sweep/sweepRecipes';
import { ENGINE_OPTIONS } from './engineOption';
import { DATA_OPTIONS, type OptionValues, PRUNE_OPTIONS } from './options';

/** What the point itself says. */
const REPLACED: ReadonlySet<string> = new Set(['criterion', 'granularity', 'sparsity', 'seed']);

const PASSED_ON: readonly string[] = ['recipe', PRUNE_OPTIONS, DATA_OPTIONS, ENGINE_OPTIONS]
  .flatMap((one) => (typeof one === 'string' ? [one] : Object.keys(one)))
  .filter((name) => !REPLACED.has(name));

/** What was swept, as the user spelled it. */
interface SweptModel {
  readonly values: OptionValues;
  readonly file: string;
  readonly request: SweepRequest;
}

/** The `prune` command that makes the model of a point of a sweep, with the sweep's own options. */
export function pruneCommandText(best: SweepBest, { values, file, request }: SweptModel): string {
  const { criterion, granularity, sparsity, seed } = best;
  const { dir, name, ext } = path.parse(file);
  const output = path.join(dir, `${name}.pruned${ext}`);
  const drawn = drawnSample(best, request);
  const given = drawn === null ? values : { ...values, 'calibration-sample': drawn };
  const passed = PASSED_ON.flatMap((option) => wordsOf(option, given[option]));
  return shellWords([
    ...['secateur', 'prune', file, '-o', output, '--criterion', criterion],
    ...['--granularity', granularity, '--sparsity', String(sparsity), '--seed', String(seed)],
    ...passed,
  ]);
}

/** The sample of the calibration data that the point's seed drew, as an option; null where none was drawn. */
function drawnSample(best: SweepBest, request: SweepRequest): string | null {
  const calibration = calibrationOfSeed(request, best, best.seed);
  if (calibration?.sample === undefined || calibration === request.recipe.calibration) return null;
  const { count, seed, balanced } = calibration.sample;
  return `${count}@${seed}${balanced === true ? ',balanced' : ''}`;
}

function wordsOf(option: string, value: OptionValues[string]): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [value ? `--${option}` : `--no-${option}`];
  const values = typeof value === 'string' ? [value] : value;
  return values.flatMap((one) => optionWords(option, String(one)));
}
