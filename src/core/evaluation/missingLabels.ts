import { UsageError } from '../errors';
import type { DataRecipe } from '../recipe/recipe';

/** What is said where figures were asked for that need labels. */
export function missingLabels({ file }: DataRecipe): UsageError {
  return new UsageError(
    `${file}: found no labels; allowed: labels, by the name of their array, column or file, or a second model to compare with`,
  );
}
