import type { PickleMachine } from './pickleMachine';
import { asciiLine, type OpcodeHandler, parseWhole } from './scalarOpcodes';
import type {
  CallContent,
  PickleCall,
  PickleDict,
  PickleSequence,
  PickleValue,
} from './pickleValue';

/** Stack, memo and containers. Source: CPython, Lib/pickletools.py. */
export const CONTAINER_OPCODES: readonly (readonly [number, OpcodeHandler])[] = [
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => m.discard()], // POP
  [0x31, (m) => void m.popMark()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  [0x67, (m) => m.recall(memoIndex(m))], // GET
  [0x68, (m) => m.recall(m.cursor.uint8())], // BINGET
  [0x6a, (m) => m.recall(m.cursor.uint32())], // LONG_BINGET
  [0x70, (m) => m.remember(memoIndex(m))], // PUT
  [0x71, (m) => m.remember(m.cursor.uint8())], // BINPUT
  [0x72, (m) => m.remember(m.cursor.uint32())], // LONG_BINPUT
  [0x94, (m) => m.rememberNext()], // MEMOIZE
  [0x5d, (m) => m.pushNew({ kind: 'list', items: [] })], // EMPTY_LIST
  [0x6c, (m) => m.pushNew({ kind: 'list', items: m.popMark() })], // LIST
  [0x61, (m) => append(m, [m.pop()])], // APPEND
  [0x65, (m) => append(m, m.popMark())], // APPENDS
  [0x29, (m) => m.pushNew({ kind: 'tuple', items: [] })], // EMPTY_TUPLE
  [0x74, (m) => m.pushNew({ kind: 'tuple', items: m.popMark() })], // TUPLE
  [0x85, (m) => pushTuple(m, 1)], // TUPLE1
  [0x86, (m) => pushTuple(m, 2)], // TUPLE2
  [0x87, (m) => pushTuple(m, 3)], // TUPLE3
  [0x7d, (m) => m.pushNew({ kind: 'dict', keys: [], values: [] })], // EMPTY_DICT
  [0x64, (m) => pushDict(m, m.popMark())], // DICT
  [0x73, (m) => setOne(m)], // SETITEM
  [0x75, (m) => setItems(m, m.popMark())], // SETITEMS
  [0x8f, (m) => m.pushNew({ kind: 'set', items: [] })], // EMPTY_SET
  [0x90, (m) => append(m, m.popMark())], // ADDITEMS
  [0x91, (m) => m.pushNew({ kind: 'frozenset', items: m.popMark() })], // FROZENSET
];

function memoIndex(machine: PickleMachine): number {
  const index = parseWhole(machine, asciiLine(machine));
  if (typeof index === 'number' && index >= 0) return index;
  throw machine.cursor.error(`memo entry ${index}`, 'a whole number from 0');
}

function pushTuple(machine: PickleMachine, count: number): void {
  const items = Array.from({ length: count }, () => machine.pop()).reverse();
  machine.pushNew({ kind: 'tuple', items });
}

/** What was appended to, added to or set on a call's result. */
export function contentOf(call: PickleCall): CallContent {
  call.content ??= { states: [], items: [], keys: [], values: [] };
  return call.content;
}

function append(machine: PickleMachine, added: readonly PickleValue[]): void {
  const target = appendTarget(machine.top());
  if (target === null) throw wrongTarget(machine, 'a list, a set or an object');
  for (const value of added) target.push(value);
}

function appendTarget(value: PickleValue): PickleValue[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (value.kind === 'call') return contentOf(value).items;
  return isSequence(value) && value.kind !== 'tuple' ? value.items : null;
}

function isSequence(
  value: Exclude<PickleValue, null | boolean | number | bigint>,
): value is PickleSequence {
  return 'items' in value;
}

function setOne(machine: PickleMachine): void {
  const value = machine.pop();
  setItems(machine, [machine.pop(), value]);
}

function setItems(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  assertPairs(machine, pairs);
  const top = machine.top();
  const target = typeof top === 'object' && top?.kind === 'call' ? contentOf(top) : top;
  if (typeof target !== 'object' || target === null || !('keys' in target)) {
    throw wrongTarget(machine, 'a dict or an object');
  }
  addPairs(target, pairs);
}

function pushDict(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  assertPairs(machine, pairs);
  const dict: PickleDict = { kind: 'dict', keys: [], values: [] };
  addPairs(dict, pairs);
  machine.pushNew(dict);
}

interface Entries {
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

function addPairs({ keys, values }: Entries, pairs: readonly PickleValue[]): void {
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    keys.push(pairs[i] ?? null);
    values.push(pairs[i + 1] ?? null);
  }
}

function assertPairs(machine: PickleMachine, pairs: readonly PickleValue[]): void {
  if (pairs.length % 2 === 0) return;
  throw machine.cursor.error(`${pairs.length} keys and values`, 'an even number');
}

function wrongTarget(machine: PickleMachine, allowed: string): Error {
  const top = machine.top();
  const found = typeof top === 'object' && top !== null ? `a ${top.kind}` : `${top}`;
  return machine.cursor.error(`something added to ${found}`, allowed);
}
