import { UsageError } from '../errors';
import type { ImageChoice, RandomSplit, SampleChoice } from './recipe';
import type { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** `"test"`, or `{"fraction": 0.2, "seed": 7, "rest": true}`. @throws UsageError naming the field. */
export function parseSplit(reader: RecipeReader): string | RandomSplit | undefined {
  if (typeof reader.raw('split') === 'string') return reader.text('split');
  return reader.nested('split', (split) => {
    split.assertOnly(['fraction', 'seed', 'rest']);
    const fraction = split.number('fraction');
    if (fraction === undefined || fraction <= 0 || fraction >= 1) {
      throw split.wrong('fraction', 'a number between 0 and 1');
    }
    const rest = split.flag('rest');
    const seed = split.wholeNumber('seed') ?? 0;
    return { fraction, seed, ...withoutUndefined({ rest }) };
  });
}

/** A count, or `{"count": 500, "seed": 1, "balanced": true}`. @throws UsageError naming the field. */
export function parseSample(reader: RecipeReader): SampleChoice | undefined {
  if (typeof reader.raw('sample') === 'number') {
    return withoutUndefined({ count: reader.wholeNumber('sample', { min: 1 }) }) as SampleChoice;
  }
  return reader.nested('sample', (sample) => {
    sample.assertOnly(['count', 'seed', 'balanced']);
    const count = sample.wholeNumber('count', { min: 1 });
    if (count === undefined) throw sample.wrong('count', 'a whole number from 1');
    const seed = sample.wholeNumber('seed');
    return { count, ...withoutUndefined({ seed, balanced: sample.flag('balanced') }) };
  });
}

/** Reads the `image` of a recipe's data. @throws UsageError naming the field. */
export function parseImageChoice(reader: RecipeReader): ImageChoice {
  reader.assertOnly(['size', 'resize', 'channels', 'antialias']);
  return withoutUndefined({
    size: parseSize(reader),
    resize: reader.oneOf('resize', ['stretch', 'crop']),
    channels: reader.oneOf('channels', ['grey', 'rgb', 'rgba']),
    antialias: reader.flag('antialias'),
  });
}

function parseSize(reader: RecipeReader): readonly [number, number] | undefined {
  const size = reader.numbers('size');
  if (size === undefined) return undefined;
  const [height = 0, width = height] = size;
  const isSize = [height, width].every((side) => Number.isSafeInteger(side) && side > 0);
  if (size.length > 2 || !isSize) throw reader.wrong('size', '[height, width] in whole numbers');
  return [height, width];
}

/**
 * A split as the command line spells it: a name, `F` or `F@SEED` for a random share, `rest:F@SEED` for
 * what that leaves.
 */
export function splitOfText(text: string): string | RandomSplit {
  const match = /^(rest:)?(0?\.\d+)(?:@(-?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, rest, fraction, seed] = match;
  const drawn = { fraction: Number(fraction), seed: Number(seed ?? 0) };
  return rest === undefined ? drawn : { ...drawn, rest: true };
}

/** A sample as the command line spells it: `N`, `N@SEED`, with `,balanced` behind. @throws UsageError. */
export function sampleOfText(text: string): SampleChoice {
  const match = /^(\d+)(?:@(-?\d+))?(,balanced)?$/.exec(text);
  if (match === null) {
    throw new UsageError(
      `sample: found ${JSON.stringify(text)}; allowed: N, N@SEED or N@SEED,balanced`,
    );
  }
  const [, count, seed, balanced] = match;
  return {
    count: Number(count),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(balanced === undefined ? {} : { balanced: true }),
  };
}

/** A picture's size as the command line spells it: `HxW`, or `N` for a square. @throws UsageError. */
export function sizeOfText(text: string): readonly [number, number] {
  const match = /^(\d+)(?:x(\d+))?$/.exec(text);
  if (match === null) {
    throw new UsageError(`size: found ${JSON.stringify(text)}; allowed: HEIGHTxWIDTH or N`);
  }
  return [Number(match[1]), Number(match[2] ?? match[1])];
}
