import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from '../core/errors';

type OptionConfig = NonNullable<ParseArgsConfig['options']>;

/** How the network's data is given, wherever it is needed. */
export const DATA_OPTIONS = {
  data: { type: 'string' },
  inputs: { type: 'string' },
  labels: { type: 'string' },
  split: { type: 'string' },
  rows: { type: 'string' },
  sample: { type: 'string' },
  shuffle: { type: 'string' },
  size: { type: 'string' },
  resize: { type: 'string' },
  channels: { type: 'string' },
  antialias: { type: 'boolean' },
  header: { type: 'boolean' },
  delimiter: { type: 'string' },
  scale: { type: 'string' },
  mean: { type: 'string' },
  std: { type: 'string' },
  layout: { type: 'string' },
  loss: { type: 'string' },
  folds: { type: 'string' },
  'top-k': { type: 'string' },
} as const satisfies OptionConfig;

/** Other data, or other rows of it, for scores than for figures. */
export const CALIBRATION_OPTIONS = {
  calibration: { type: 'string' },
  'calibration-split': { type: 'string' },
  'calibration-rows': { type: 'string' },
  'calibration-sample': { type: 'string' },
} as const satisfies OptionConfig;

/** What is to be pruned. */
export const PRUNE_OPTIONS = {
  criterion: { type: 'string' },
  granularity: { type: 'string' },
  scope: { type: 'string' },
  sparsity: { type: 'string' },
  threshold: { type: 'string' },
  'unit-threshold': { type: 'string' },
  option: { type: 'string', multiple: true },
  allocation: { type: 'string' },
  'max-layer-sparsity': { type: 'string' },
  'std-factor': { type: 'string' },
  macs: { type: 'string' },
  'max-bytes': { type: 'string' },
  schedule: { type: 'string' },
  reconstruct: { type: 'string' },
  mask: { type: 'string' },
  layers: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  'weight-layout': { type: 'string' },
  seed: { type: 'string' },
  gzip: { type: 'boolean' },
  ...CALIBRATION_OPTIONS,
} as const satisfies OptionConfig;

export const COMMON_OPTIONS = {
  recipe: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies OptionConfig;

export type OptionValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

/** A command's arguments, with options that are not its own refused. */
export interface ParsedArguments {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
}

/** @throws UsageError naming the argument. */
export function parseArguments(args: readonly string[], options: OptionConfig): ParsedArguments {
  try {
    const { values, positionals } = parseArgs({
      args: withNegativeNumbers(args, options),
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    return { values, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A number below zero after an option is its value: joined to it, since a dash begins an option by itself. */
function withNegativeNumbers(args: readonly string[], options: OptionConfig): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const name = /^--([^=]+)$/.exec(joined.at(-1) ?? '')?.[1] ?? '';
    const takesValue = Object.hasOwn(options, name) && options[name]?.type === 'string';
    if (takesValue && /^-\.?\d/.test(arg)) joined.push(`${joined.pop() ?? ''}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

/** @throws UsageError when the option is given with nothing, as from an unset variable. */
export function textOption(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  if (value === '') throw new UsageError(`--${name}: found nothing; allowed: a value`);
  return typeof value === 'string' ? value : undefined;
}

/** A number, or a fraction such as 1/255. @throws UsageError. */
export function numberOption(values: OptionValues, name: string): number | undefined {
  const text = textOption(values, name);
  return text === undefined ? undefined : parseNumber(text, name);
}

/** Numbers parted by commas. @throws UsageError. */
export function numbersOption(values: OptionValues, name: string): readonly number[] | undefined {
  return textOption(values, name)
    ?.split(',')
    .map((part) => parseNumber(part, name));
}

/** Texts parted by commas; an option given several times adds up. */
export function listOption(values: OptionValues, name: string): readonly string[] | undefined {
  const value = values[name];
  if (value === undefined || typeof value === 'boolean') return undefined;
  const texts = typeof value === 'string' ? [value] : value.map(String);
  const parts = texts.flatMap((text) => text.split(','));
  if (parts.includes(''))
    throw new UsageError(`--${name}: found an empty name; allowed: names parted by commas`);
  return parts;
}

function parseNumber(text: string, name: string): number {
  const [numerator = '', denominator, ...rest] = text.split('/');
  const value = Number(numerator) / (denominator === undefined ? 1 : Number(denominator));
  if (numerator.trim() === '' || rest.length > 0 || !Number.isFinite(value)) {
    throw new UsageError(
      `--${name}: found ${JSON.stringify(text)}; allowed: a number or a fraction such as 1/255`,
    );
  }
  return value;
}

/** The one file that a command is about. @throws UsageError. */
export function onlyFile(positionals: readonly string[], command: string): string | undefined {
  if (positionals.length > 1) {
    throw new UsageError(
      `${command}: found ${positionals.length} files (${positionals.join(', ')}); allowed: one`,
    );
  }
  const [file] = positionals;
  if (file === '') throw new UsageError(`${command}: found an empty file name; allowed: a file`);
  return file;
}
