import path from 'node:path';
import type { SweepBest } from '../core/sweep/sweep';
import { ENGINE_OPTIONS } from './engineOption';
import { DATA_OPTIONS, type OptionValues, PRUNE_OPTIONS } from './options';
import { shellWords } from './shellWords';

/** What the point itself says. */
const REPLACED: ReadonlySet<string> = new Set(['criterion', 'granularity', 'sparsity', 'seed']);

const PASSED_ON: readonly string[] = ['recipe', PRUNE_OPTIONS, DATA_OPTIONS, ENGINE_OPTIONS]
  .flatMap((one) => (typeof one === 'string' ? [one] : Object.keys(one)))
  .filter((name) => !REPLACED.has(name));

/** The `prune` command that makes the model of a point of a sweep, with the sweep's own options. */
export function pruneCommandText(
  { criterion, granularity, sparsity, seed }: SweepBest,
  { values, file }: { readonly values: OptionValues; readonly file: string },
): string {
  const { dir, name, ext } = path.parse(file);
  const output = path.join(dir, `${name}.pruned${ext}`);
  const passed = PASSED_ON.flatMap((option) => optionWords(option, withSeed(option, values, seed)));
  return shellWords([
    ...['secateur', 'prune', file, '-o', output, '--criterion', criterion],
    ...['--granularity', granularity, '--sparsity', String(sparsity), '--seed', String(seed)],
    ...passed,
  ]);
}

/** A drawn sample of the calibration data names the seed that drew it. */
function withSeed(option: string, values: OptionValues, seed: number): OptionValues[string] {
  const value = values[option];
  if (option !== 'calibration-sample' || typeof value !== 'string') return value;
  return value.replace(/^(\d+)(?:@-?\d+)?/, `$1@${seed}`);
}

function optionWords(option: string, value: OptionValues[string]): string[] {
  if (value === undefined) return [];
  if (typeof value === 'boolean') return [value ? `--${option}` : `--no-${option}`];
  if (typeof value === 'string') return [`--${option}`, value];
  return value.flatMap((one) => [`--${option}`, String(one)]);
}
