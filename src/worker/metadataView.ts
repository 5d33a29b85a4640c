import type { MetadataEntry } from '../protocol/views';

/** More than a person reads; a file may carry a whole training log. */
const MOST_ENTRIES = 200;
const MOST_CHARACTERS = 500;
const MOST_DEPTH = 3;
const MOST_ITEMS = 32;

/** The metadata of a file as a flat list of names and texts, cut to what can be shown. */
export function metadataView(metadata: Readonly<Record<string, unknown>>): MetadataEntry[] {
  const entries: MetadataEntry[] = [];
  for (const [key, value] of Object.entries(metadata)) flatten(entries, key, value, 1);
  return entries;
}

/** Adds the entries of one value. Depth is bounded, so that no file can make this recurse for long. */
function flatten(entries: MetadataEntry[], key: string, value: unknown, depth: number): void {
  if (entries.length >= MOST_ENTRIES || value === undefined) return;
  if (isRecord(value) && depth < MOST_DEPTH) {
    for (const [name, inner] of Object.entries(value)) {
      flatten(entries, `${key}.${name}`, inner, depth + 1);
    }
    return;
  }
  entries.push({ key: cut(key), value: cut(textOf(value)) });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One level deep: what nests further is named by its size. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return scalarText(value);
  const items = value.slice(0, MOST_ITEMS).map(scalarText);
  return `[${[...items, ...(value.length > MOST_ITEMS ? ['…'] : [])].join(', ')}]`;
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.length}]`;
  if (isRecord(value)) return `{${Object.keys(value).slice(0, MOST_ITEMS).join(', ')}}`;
  return String(value);
}

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
