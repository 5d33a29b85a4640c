import { UsageError } from '../../core/errors';
import { elementsPerRow } from './rowSource';
import type { TableField } from './fieldTable';

/**
 * Which fields each input or output of the model takes: all of them where there is one; one each where
 * there are as many; else one after the other by how many numbers each takes.
 * @param sizes numbers a sample of each input or output; null where it is not known
 * @throws UsageError where neither comes out even; it says both numbers.
 */
export function dealColumns(
  { place, taker }: { readonly place: string; readonly taker: 'inputs' | 'outputs' },
  fields: readonly TableField[],
  sizes: readonly (number | null)[],
): readonly (readonly TableField[])[] {
  if (fields.length === 0) return [];
  if (sizes.length <= 1) return [fields];
  if (fields.length === sizes.length || fields.length === 1) return fields.map((field) => [field]);
  const widths = fields.map((field) =>
    field.kind === 'numbers' ? elementsPerRow(field.rows) : Infinity,
  );
  const dealt: TableField[][] = [];
  let next = 0;
  for (const size of sizes) {
    const start = next;
    let filled = 0;
    while (filled < (size ?? Infinity) && next < fields.length) filled += widths[next++] ?? 1;
    if (filled !== size) break;
    dealt.push(fields.slice(start, next));
  }
  if (next === fields.length && dealt.length === sizes.length) return dealt;
  const wanted = sizes.map((size) => size ?? 'any').join(', ');
  throw new UsageError(
    `${place}: ${fields.length} columns, but the model's ${sizes.length} ${taker} take ${wanted} numbers; allowed: as many columns as ${taker}, or as numbers in all`,
  );
}
