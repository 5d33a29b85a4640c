import { roundHalfEven } from '../../src/core/selection/roundHalfEven';
import type { DataRecipe } from '../../src/core/recipe/recipe';
import type { DataView } from '../../src/protocol/views';
import { parseNumber } from '../format/parseNumber';
import { omit } from './omit';
import { currentRecipe, type PanelState } from './panelState';

/** How the chosen data is taken: the user's settings over what was guessed. null without data. */
export function currentData(state: PanelState): DataRecipe | null {
  const view = state.data?.selected ?? null;
  if (view === null) return null;
  const chosen = currentRecipe(state)?.data;
  return chosen === undefined ? view.suggestion : { ...guessedAnew(view, chosen), ...chosen };
}

/**
 * What is guessed of a recipe's data when it is used. Scale, mean and deviation are not: what the recipe
 * does not name is not done. A split by name tells the arrays itself.
 */
function guessedAnew({ suggestion, kind }: DataView, chosen: DataRecipe): DataRecipe {
  const guessed = omit(suggestion, 'scale', 'mean', 'std');
  const isByArrays = kind !== 'images' && typeof chosen.split === 'string';
  return isByArrays ? omit(guessed, 'inputs', 'labels') : guessed;
}

/** How many rows are used, after the choice of rows. */
export function usedRowCount(view: DataView, data: DataRecipe): number {
  const split = splitName(data);
  const name = data.inputs?.[0] ?? (split === undefined ? undefined : `x_${split}`);
  const shape = view.arrays.find((array) => array.name === name)?.shape;
  const total = shape?.[0] ?? view.rowCount;
  const [from, to] = data.rows ?? [null, null];
  const rows = Math.max(0, rowIndex(to ?? total, total) - rowIndex(from ?? 0, total));
  return Math.min(data.sample?.count ?? rows, rowsOfSplit(rows, data.split));
}

function rowsOfSplit(rows: number, split: DataRecipe['split']): number {
  if (split === undefined || typeof split === 'string') return rows;
  const drawn = roundHalfEven(split.fraction * rows);
  return split.rest === true ? rows - drawn : drawn;
}

/** The name of the split; undefined where it is drawn by chance. */
export function splitName({ split }: DataRecipe): string | undefined {
  return typeof split === 'string' ? split : undefined;
}

/** The labels in one line; empty for none, null where they are guessed. */
export function labelsText({ labels }: DataRecipe): string | null {
  if (labels === undefined) return null;
  return typeof labels === 'string' ? labels : labels.join(', ');
}

/** A row as a slice counts it: negative from the end, never outside. */
function rowIndex(row: number, total: number): number {
  return Math.min(total, Math.max(0, row < 0 ? total + row : row));
}

/** Rows as typed, `A:B` with either left open. */
export function rowsText(rows: DataRecipe['rows']): string {
  return rows === undefined ? '' : `${rows[0] ?? ''}:${rows[1] ?? ''}`;
}

/** The rows that a text means: undefined for all, null where it is no such range. */
export function parseRows(text: string): DataRecipe['rows'] | null {
  if (text.trim() === '') return undefined;
  const match = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*$/.exec(text);
  if (match === null) return null;
  const [, from, to] = match;
  return [from === undefined ? null : Number(from), to === undefined ? null : Number(to)];
}

/** A setting changed, or given back to the guess by undefined. */
export function withDataSetting<K extends keyof DataRecipe>(
  data: DataRecipe,
  key: K,
  value: DataRecipe[K] | undefined,
): DataRecipe {
  return value === undefined ? omitSetting(data, key) : { ...data, [key]: value };
}

function omitSetting(data: DataRecipe, key: keyof DataRecipe): DataRecipe {
  return key === 'file' ? data : omit(data, key);
}

/** The splits that the arrays' names tell of: `x_NAME` beside `y_NAME`. */
export function splitsOf(view: DataView): readonly string[] {
  const names = new Set(view.arrays.map(({ name }) => name));
  return [...names]
    .filter((name) => name.startsWith('x_') && names.has(`y_${name.slice(2)}`))
    .map((name) => name.slice(2));
}

/** 255 for a scale of 1/255: a scale below one whose inverse is whole, and so easier to read. */
export function divisorOf(scale: number): number | null {
  const inverse = 1 / scale;
  const whole = Math.round(inverse);
  return whole > 1 && Math.abs(inverse - whole) < 1e-6 * whole ? whole : null;
}

/** A factor as typed, a fraction too; null where it is none or 0. */
export function parseScale(text: string): number | null {
  const [numerator = '', denominator = '1', ...more] = text.split('/');
  const top = parseNumber(numerator);
  const bottom = parseNumber(denominator);
  if (top === null || bottom === null || more.length > 0 || top * bottom === 0) return null;
  return top / bottom;
}

/** Numbers with semicolons, spaces or commas between them; null where one is none. */
export function parseNumbers(text: string): readonly number[] | null {
  const parts = text.includes(';') ? text.split(';') : text.trim().split(/,\s+|\s+/);
  const numbers = parts.map((part) => parseNumber(part));
  const all = numbers.filter((value) => value !== null);
  return all.length === numbers.length ? all : null;
}

/** A picture's height and width as typed, `28×28`, `28x28` or `28` for a square; null where it is none. */
export function parseImageSize(text: string): readonly [number, number] | null {
  const match = /^\s*(\d{1,5})(?:\s*[x×,]\s*(\d{1,5}))?\s*$/i.exec(text);
  if (match === null) return null;
  const height = Number(match[1]);
  const width = Number(match[2] ?? match[1]);
  return height === 0 || width === 0 ? null : [height, width];
}
