import type { PickleValue } from './pickleValue';

const MAX_ENTRIES = 64;

/** The numbers, truth values and short texts of a checkpoint's outermost dict: epoch, loss and the like. */
export function plainMetadata(value: PickleValue): Readonly<Record<string, unknown>> {
  const dict = typeof value === 'object' && value?.kind === 'dict' ? value : null;
  const found = new Map<string, unknown>();
  for (const [index, key] of (dict?.keys ?? []).entries()) {
    const plain = plainOf(dict?.values[index] ?? null);
    if (typeof key !== 'object' || key?.kind !== 'text' || key.text === null) continue;
    if (plain !== undefined && found.size < MAX_ENTRIES) found.set(key.text, plain);
  }
  return Object.fromEntries(found);
}

function plainOf(value: PickleValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean') return value;
  return typeof value === 'object' && value?.kind === 'text'
    ? (value.text ?? undefined)
    : undefined;
}
