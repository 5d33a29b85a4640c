import path from 'node:path';
import { UsageError } from '../core/errors';
import type { Recipe } from '../core/recipe/recipe';
import { withoutUndefined } from '../core/recipe/withoutUndefined';
import { listOption, numberOption, type OptionValues, textOption } from './options';

/**
 * What the options say of the method, as the recipe's parser takes it, over what the base says.
 * @throws UsageError naming the option.
 */
export function methodFromOptions(values: OptionValues, base: Recipe): object {
  const mask = textOption(values, 'mask');
  return withoutUndefined({
    granularity: textOption(values, 'granularity'),
    scope: textOption(values, 'scope'),
    allocation: textOption(values, 'allocation'),
    maxLayerSparsity: numberOption(values, 'max-layer-sparsity'),
    options: criterionOptions(values, base),
    schedule: scheduleOf(textOption(values, 'schedule')),
    reconstruction: reconstructionOf(textOption(values, 'reconstruct')),
    mask: mask === undefined ? undefined : path.resolve(mask),
  });
}

/** `--option NAME=VALUE`, a number where it reads as one. */
function criterionOptions(values: OptionValues, { options }: Recipe): object | undefined {
  const given = listOption(values, 'option');
  if (given === undefined) return options;
  const pairs = given.map((text) => {
    const [name = '', value, ...rest] = text.split('=');
    if (name === '' || value === undefined || value === '' || rest.length > 0) {
      throw new UsageError(
        `--option: found ${JSON.stringify(text)}; allowed: NAME=VALUE, for example entropy=active`,
      );
    }
    return [name, Number.isNaN(Number(value)) ? value : Number(value)] as const;
  });
  return { ...options, ...Object.fromEntries(pairs) };
}

/** `NAME`, or `NAME:NUMBER`; what is no such form is left to the recipe's parser. */
function namedNumber(
  text: string,
  option: string,
): { readonly kind: string; readonly value: number | undefined } {
  const [kind = '', value, ...rest] = text.split(':');
  if (rest.length > 0) {
    throw new UsageError(
      `--${option}: found ${JSON.stringify(text)}; allowed: KIND or KIND:NUMBER`,
    );
  }
  return { kind, value: value === undefined ? undefined : Number(value) };
}

/** `agp:10`, or `agp` with as many steps as a recipe has that does not say it; `one-shot` is one step. */
function scheduleOf(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  if (text === 'one-shot') return { kind: 'linear', steps: 1 };
  const { kind, value: steps } = namedNumber(text, 'schedule');
  return withoutUndefined({ kind, steps });
}

/** `least-squares`, or with its damping `least-squares:0.01`. */
function reconstructionOf(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const { kind, value: damping } = namedNumber(text, 'reconstruct');
  return withoutUndefined({ kind, damping });
}
