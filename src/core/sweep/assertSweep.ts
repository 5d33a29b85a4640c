import { UsageError } from '../errors';
import type { DataRecipe, Recipe } from '../recipe/recipe';
import { MAX_CELLS, MAX_METHODS, MAX_SEEDS, MAX_SPARSITIES } from './limits';
import type { SweepRequest } from './sweep';

/** @throws UsageError where a sweep asks for nothing, for too much, or for what is no share. */
export function assertSweep({ methods, sparsities, seeds }: SweepRequest): void {
  assertCount('criteria', methods.length, MAX_METHODS);
  assertShares('sparsities', sparsities);
  assertCount('seeds', seeds.length, MAX_SEEDS);
  const strange = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (strange !== undefined) {
    throw new UsageError(`seeds: found ${strange}; allowed: whole numbers from 0`);
  }
  assertCells(methods.length * sparsities.length * seeds.length);
}

/** @throws UsageError for a list of shares that is empty, too long, or holds what is no share. */
export function assertShares(name: string, shares: readonly number[]): void {
  assertCount(name, shares.length, MAX_SPARSITIES);
  const strange = shares.find((share) => !(share >= 0 && share <= 1));
  if (strange !== undefined) {
    throw new UsageError(`${name}: found ${strange}; allowed: numbers from 0 to 1`);
  }
}

/** @throws UsageError where more would be evaluated than anyone waits for. */
export function assertCells(count: number): void {
  if (count > MAX_CELLS) {
    throw new UsageError(`found ${count} evaluations; allowed: ${MAX_CELLS} at a time`);
  }
}

/** The data that everything is evaluated on. @throws UsageError where the recipe has none. */
export function dataOf({ data }: Recipe, doing: string): DataRecipe {
  if (data !== undefined) return data;
  throw new UsageError(`${doing}: found no data; allowed: data with labels (--data)`);
}

function assertCount(name: string, count: number, most: number): void {
  if (count < 1 || count > most) {
    throw new UsageError(`${name}: found ${count}; allowed: 1 to ${most}`);
  }
}
