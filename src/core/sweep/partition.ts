/** Parts of nearly equal size in their order, none larger than `most`. */
export function partition<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / Math.max(1, most));
  const end = (part: number): number => Math.round((part * items.length) / count);
  return Array.from({ length: count }, (_, part) => items.slice(end(part), end(part + 1)));
}
