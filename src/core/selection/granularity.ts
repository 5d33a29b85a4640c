/**
 * What goes together, as a recipe and the command line spell it: single weights, N of M along the input axis
 * (`2:4` keeps two of four), blocks of rows x columns, output units, input units, or attention heads.
 */
export type Granularity =
  'weight' | 'unit' | 'unit:input' | 'head' | `${number}:${number}` | `block:${number}x${number}`;

/** A granularity in parts. */
export type GranularityParts =
  | { readonly kind: 'weight' }
  /** `keep` weights of each `group` stay. */
  | { readonly kind: 'n:m'; readonly keep: number; readonly group: number }
  | { readonly kind: 'block'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'unit'; readonly side: 'output' | 'input' }
  | { readonly kind: 'head' };

/** The largest M of N:M. */
const MAX_GROUP = 16;

/** In words, for messages. */
export const GRANULARITY_FORMS = `weight, N:M (N < M, M up to ${MAX_GROUP}), block:RxC, unit, unit:input, head`;

/** The parts of a granularity; null where the text is none. */
export function parseGranularity(text: string): GranularityParts | null {
  if (text === 'weight' || text === 'head') return { kind: text };
  if (text === 'unit') return { kind: 'unit', side: 'output' };
  if (text === 'unit:input') return { kind: 'unit', side: 'input' };
  return parseGroup(text) ?? parseBlock(text);
}

/** Whether units go as a whole: of a layer, of what it reads, or heads. */
export function isOfUnits(granularity: Granularity): boolean {
  return granularity === 'unit' || granularity === 'unit:input' || granularity === 'head';
}

function parseGroup(text: string): GranularityParts | null {
  const [, keep, group] = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? [];
  const [n, m] = [Number(keep), Number(group)];
  return n >= 1 && n < m && m <= MAX_GROUP ? { kind: 'n:m', keep: n, group: m } : null;
}

function parseBlock(text: string): GranularityParts | null {
  const [, first, second] = /^block:(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  const [rows, columns] = [Number(first), Number(second)];
  return rows >= 1 && columns >= 1 ? { kind: 'block', rows, columns } : null;
}
