import { parseNumber, parseShare } from '../format/parseNumber';

/** What the text of an override cell means. */
export type Override =
  | { readonly kind: 'none' }
  | { readonly kind: 'sparsity'; readonly sparsity: number }
  | { readonly kind: 'threshold'; readonly threshold: number }
  | { readonly kind: 'invalid' };

/** A share in percent; after `<` or `≤` a threshold; nothing to follow the plan again. */
export function parseOverride(text: string): Override {
  const typed = text.trim();
  if (typed === '') return { kind: 'none' };
  const threshold = /^(?:<=?|≤)(.*)$/.exec(typed)?.[1];
  if (threshold !== undefined) {
    const value = parseNumber(threshold);
    return value === null || value < 0
      ? { kind: 'invalid' }
      : { kind: 'threshold', threshold: value };
  }
  const sparsity = parseShare(typed);
  return sparsity === null ? { kind: 'invalid' } : { kind: 'sparsity', sparsity };
}
