/**
 * What a pickle builds, as inert data: no class is looked up, nothing is called. Values that the
 * pickle shares are shared here, and may hold themselves.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | PickleText
  | PickleBytes
  | PickleSequence
  | PickleDict
  | PickleGlobal
  | PickleCall
  | PicklePersistent
  | PickleBuffer;

/** Text, with where its bytes stand: protocol 2 keeps an array's bytes as text. */
export interface PickleText {
  readonly kind: 'text';
  /** null where it is too long to be kept in memory. */
  readonly text: string | null;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** How the bytes make the text: UTF-8, one byte a character, or a line with escapes. */
  readonly encoding: 'utf-8' | 'latin1' | 'escaped';
  /** Bytes of the little-endian length right before the text; 0 where it ends with its line. */
  readonly lengthBytes: number;
}

/** Bytes, by their range in the file. */
export interface PickleBytes {
  readonly kind: 'bytes';
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface PickleSequence {
  readonly kind: 'list' | 'tuple' | 'set' | 'frozenset';
  /** Grows while the pickle is read. */
  readonly items: PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  /** Each with the value of the same index; of equal keys the last counts. Grow while the pickle is read. */
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

/** A name that Python would import. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
  readonly byteOffset: number;
  /** How often it was put on the stack: as often as it was used. */
  pushes: number;
}

/** The result of a call that Python would make, by REDUCE, INST, OBJ or NEWOBJ. */
export interface PickleCall {
  readonly kind: 'call';
  readonly callee: PickleValue;
  /** A tuple, but where the file says something else. */
  readonly args: PickleValue;
  readonly byteOffset: number;
  /** What was set or added afterwards; null where nothing was. */
  content: CallContent | null;
}

export interface CallContent {
  /** Given to `__setstate__` or taken as attributes (BUILD). */
  readonly states: PickleValue[];
  /** Appended or added. */
  readonly items: PickleValue[];
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

/** An object that the loading program supplies by its id: a storage of PyTorch. */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
  readonly byteOffset: number;
}

/** A buffer that is kept outside the file (protocol 5). */
export interface PickleBuffer {
  readonly kind: 'buffer';
}

/** The short text of a value, null where it is anything else. */
export function textOf(value: PickleValue | undefined): string | null {
  return typeof value === 'object' && value?.kind === 'text' ? value.text : null;
}

/** The members of a tuple or list, null where it is anything else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | null {
  if (typeof value !== 'object' || value === null) return null;
  return value.kind === 'tuple' || value.kind === 'list' ? value.items : null;
}

/** The arguments of a call, by position. */
export function argumentsOf(call: PickleCall): readonly PickleValue[] {
  return itemsOf(call.args) ?? [];
}

/** Module and name of what a call would call; null where that is itself the result of something. */
export function calleeOf(value: PickleValue | undefined): PickleGlobal | null {
  if (typeof value !== 'object' || value?.kind !== 'call') return null;
  const { callee } = value;
  return typeof callee === 'object' && callee?.kind === 'global' ? callee : null;
}

/** Whether a value is the global of exactly this module and name. */
export function isGlobal(value: PickleValue | undefined, module: string, name: string): boolean {
  return (
    typeof value === 'object' &&
    value?.kind === 'global' &&
    value.module === module &&
    value.name === name
  );
}

/** The value of a text key, null where a dict has none. */
export function entryOf(value: PickleValue | undefined, key: string): PickleValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = value.kind === 'call' ? value.content : value.kind === 'dict' ? value : null;
  if (entries === null) return undefined;
  const index = entries.keys.findLastIndex((one) => textOf(one) === key);
  return index < 0 ? undefined : entries.values[index];
}
