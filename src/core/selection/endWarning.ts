import type { LeftEnd } from '../report/plan';

/** One line on a layer that is left out, and how to prune it all the same. */
export function endWarning({ layer, end }: LeftEnd): string {
  const place = end === 'inputs' ? "reads the model's inputs" : "gives the model's outputs";
  return `${layer} ${place}: its units stay (--layers, or a setting of its own, prunes them all the same)`;
}
