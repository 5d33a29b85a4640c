import type { DataRecipe } from '../../core/recipe/recipe';

/** The names of the labels that a recipe gives, one or several. */
export function labelNames({ labels }: Pick<DataRecipe, 'labels'>): readonly string[] {
  if (labels === undefined) return [];
  return typeof labels === 'string' ? [labels] : labels;
}

/** The split's name; undefined where none is named or it is drawn by chance. */
export function namedSplit({ split }: Pick<DataRecipe, 'split'>): string | undefined {
  return typeof split === 'string' ? split : undefined;
}
