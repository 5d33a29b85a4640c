import type { Random } from '../../src/core/random';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a field does not expect: other types, ends of ranges and beyond, names of JavaScript's own, long texts. */
const HOSTILE: readonly Json[] = [
  ...[null, true, false, -1, 0, 0.5, 1, 1.5, 16, 17, 1e9, 2 ** 53, 1e308, -1e308, 5e-324, -0],
  ...['', ' ', 'x', '0', 'NaN', '17:16', '0:4', '2:4', 'block:0x4', 'block:4x4', 'unit', '**'],
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', '\u0000', 'a'.repeat(100_000)],
  ...[
    [],
    {},
    [[]],
    [null],
    { x: {} },
    ['a'.repeat(1000)],
    JSON.parse('{"__proto__":{"x":1}}') as Json,
  ],
];

/** One to three fields of a JSON document, at any depth, replaced, removed, doubled under another's name or added. */
export function withHostileFields(document: Json, random: Random): Json {
  let mutant = document;
  const changes = 1 + random.below(3);
  for (let i = 0; i < changes; i++) mutant = changeOnce(mutant, random);
  return mutant;
}

function changeOnce(value: Json, random: Random): Json {
  if (value === null || typeof value !== 'object') return pick(HOSTILE, random);
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  if (entries.length === 0) return pick(HOSTILE, random);
  const [name, child] = entries[random.below(entries.length)] ?? ['x', null];
  const others = entries.filter(([other]) => other !== name);
  const changed = changedEntry({ name, child, names: entries.map(([other]) => other) }, random);
  if (Array.isArray(value)) return [...others, ...changed].map(([, one]) => one);
  return Object.fromEntries([...others, ...changed]);
}

function changedEntry(
  { name, child, names }: { name: string; child: Json; names: readonly string[] },
  random: Random,
): readonly (readonly [string, Json])[] {
  switch (random.below(6)) {
    case 0:
      return [];
    case 1:
      return [
        [name, child],
        [pick(names, random), child],
      ];
    case 2:
      return [
        [name, child],
        [JSON.stringify(pick(HOSTILE, random)).slice(0, 20), child],
      ];
    case 3:
      return [[name, pick(HOSTILE, random)]];
    default:
      return [[name, changeOnce(child, random)]];
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random.below(values.length)] as T;
}
