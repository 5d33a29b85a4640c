import { UsageError } from '../core/errors';
import { MAX_RANGE_STEPS } from './limits';
import { listOption, type OptionValues } from './options';

/**
 * Numbers parted by commas, of which any may be a range `from:to:step`, both ends included: `0:0.9:0.1,0.95`.
 * Steps are counted, not added up, so that no rounding grows.
 * @throws UsageError naming the option.
 */
export function numberList(values: OptionValues, name: string): readonly number[] | undefined {
  return listOption(values, name)?.flatMap((part) => {
    const ends = part.split(':').map((text) => (text.trim() === '' ? NaN : Number(text)));
    const [from = NaN, to = from, step = 1] = ends;
    const isPart = (ends.length === 1 || ends.length === 3) && ends.every(Number.isFinite);
    const count = ends.length === 1 ? 0 : Math.floor((to - from) / step + 1e-9);
    if (!isPart || !(count >= 0 && count <= MAX_RANGE_STEPS)) throw wrong(name, part);
    return Array.from({ length: count + 1 }, (_, i) => tidy(from + i * step));
  });
}

/** 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function wrong(name: string, part: string): UsageError {
  return new UsageError(
    `--${name}: found ${JSON.stringify(part)}; allowed: numbers parted by commas, or FROM:TO:STEP in at most ${MAX_RANGE_STEPS} steps, for example 0:0.9:0.1`,
  );
}
