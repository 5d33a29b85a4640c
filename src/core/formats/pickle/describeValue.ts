import type { PickleCall, PickleValue } from './pickleValue';

const SHOWN_ITEMS = 3;
const SHOWN_TEXT = 60;
const SHOWN_DEPTH = 3;

/** A call as Python would write it, cut short: `posix.system("touch /tmp/x")`. */
export function describeCall({ callee, args, content }: PickleCall): string {
  const call = describeApplication(callee, args, SHOWN_DEPTH);
  const state = content?.states.at(-1);
  if (state === undefined) return call;
  return `${call}, then its state ${describeValue(state, SHOWN_DEPTH - 1)}`;
}

function describeApplication(callee: PickleValue, args: PickleValue, depth: number): string {
  const name = describeValue(callee, depth - 1);
  const isTuple = typeof args === 'object' && args?.kind === 'tuple';
  const inside = isTuple
    ? describeItems(args.items, depth - 1)
    : `*${describeValue(args, depth - 1)}`;
  return `${name}(${inside})`;
}

/** A value in short; what lies deeper than `depth` is left out, so values that hold themselves end. */
export function describeValue(value: PickleValue | undefined, depth: number): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return String(value).slice(0, SHOWN_TEXT);
  switch (value.kind) {
    case 'text':
      return value.text === null ? `<text of ${value.byteLength} bytes>` : quoted(value.text);
    case 'bytes':
      return `<${value.byteLength} bytes>`;
    case 'global':
      return printable(`${value.module}.${value.name}`);
    case 'persistent':
      return '<storage>';
    case 'buffer':
      return '<buffer>';
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
      return depth <= 0 ? '…' : bracketed(value.kind, describeItems(value.items, depth - 1));
    case 'dict':
      return depth <= 0 ? '…' : `{${describeEntries(value.keys, value.values, depth - 1)}}`;
    case 'call':
      return depth <= 0 ? '…' : describeApplication(value.callee, value.args, depth - 1);
  }
}

function bracketed(kind: 'list' | 'tuple' | 'set' | 'frozenset', inside: string): string {
  if (kind === 'list') return `[${inside}]`;
  return kind === 'tuple' ? `(${inside})` : `${kind}(${inside})`;
}

function describeItems(items: readonly PickleValue[], depth: number): string {
  const shown = items.slice(0, SHOWN_ITEMS).map((item) => describeValue(item, depth));
  return items.length > SHOWN_ITEMS ? `${shown.join(', ')}, …` : shown.join(', ');
}

function describeEntries(
  keys: readonly PickleValue[],
  values: readonly PickleValue[],
  depth: number,
): string {
  const shown = keys
    .slice(0, SHOWN_ITEMS)
    .map((key, i) => `${describeValue(key, depth)}: ${describeValue(values[i], depth)}`);
  return keys.length > SHOWN_ITEMS ? `${shown.join(', ')}, …` : shown.join(', ');
}

function quoted(text: string): string {
  return JSON.stringify(printable(text));
}

/** Text of the file may hold anything: only what a terminal shows as it is. */
function printable(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, '·');
  return plain.length > SHOWN_TEXT ? `${plain.slice(0, SHOWN_TEXT)}…` : plain;
}
