import type { Recipe } from '../../core/recipe/recipe';
import { scoresOnData } from '../../core/recipe/scoresOnData';
import { optionWords, shellWords } from '../../core/recipe/shellWords';

export interface ShellFiles {
  /** All as the shell would see them, from one folder. */
  readonly model: string;
  readonly output: string;
  /** The saved recipe, for what the options cannot say. */
  readonly recipe: string;
}

/** Whether the command line's own options say all that the recipe does to the bytes. */
export function optionsSuffice(recipe: Recipe): boolean {
  return (
    Object.keys(recipe.layers).length === 0 &&
    recipe.layout === undefined &&
    recipe.architecture === undefined &&
    recipe.bounds === undefined &&
    recipe.mask === undefined &&
    // Options part names at commas, and have no exact ones.
    [...recipe.only, ...recipe.exclude, ...recipe.lock].every((name) => !name.includes(',')) &&
    recipe.lock.every((name) => !name.includes('*')) &&
    !scoresOnData(recipe)
  );
}

/** The shell command that gives the same bytes as this recipe. */
export function shellCommand(recipe: Recipe, files: ShellFiles): string {
  const words = ['secateur', 'prune', files.model, '-o', files.output];
  if (!optionsSuffice(recipe)) return shellWords([...words, '--recipe', files.recipe]);
  words.push('--criterion', recipe.criterion, '--granularity', recipe.granularity);
  words.push('--scope', recipe.scope, ...methodOptions(recipe), ...targetOptions(recipe));
  for (const glob of recipe.only) words.push(...optionWords('layers', glob));
  for (const glob of [...recipe.exclude, ...recipe.lock])
    words.push(...optionWords('exclude', glob));
  if (recipe.seed !== 0) words.push('--seed', String(recipe.seed));
  return shellWords(words);
}

function methodOptions({ options = {}, allocation, maxLayerSparsity, schedule }: Recipe): string[] {
  const words = Object.entries(options).flatMap(([name, value]) => [
    '--option',
    `${name}=${String(value)}`,
  ]);
  if (allocation !== undefined) words.push('--allocation', allocation);
  if (maxLayerSparsity !== undefined) words.push('--max-layer-sparsity', String(maxLayerSparsity));
  if (schedule !== undefined) words.push('--schedule', `${schedule.kind}:${schedule.steps}`);
  return words;
}

function targetOptions(recipe: Recipe): string[] {
  const { sparsity, threshold, unitThreshold, stdFactor, macs, maxBytes } = recipe;
  const options: string[] = [];
  if (sparsity !== undefined) options.push('--sparsity', String(sparsity));
  if (threshold !== undefined) options.push(...optionWords('threshold', String(threshold)));
  if (stdFactor !== undefined) options.push('--std-factor', String(stdFactor));
  if (macs !== undefined) options.push('--macs', String(macs));
  if (maxBytes !== undefined) options.push('--max-bytes', String(maxBytes));
  if (unitThreshold !== undefined) options.push('--unit-threshold', String(unitThreshold));
  return options;
}
