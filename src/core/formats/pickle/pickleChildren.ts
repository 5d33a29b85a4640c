import { paddleEvalData } from './paddleEval';
import {
  argumentsOf,
  calleeOf,
  type CallContent,
  itemsOf,
  type PickleCall,
  type PickleDict,
  type PickleValue,
} from './pickleValue';

/** The key of a child in its parent's path; null where the child adds nothing to it. */
export type Child = readonly [string | null, PickleValue];

/** Of a torch.nn.Module: what its state dict leaves out of the names. */
const MODULE_PARTS = new Set(['_parameters', '_buffers', '_modules']);

/** What a value holds, in order. Values without content have none. */
export function* childrenOf(value: PickleValue): Generator<Child> {
  if (typeof value !== 'object' || value === null) return;
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
      yield* indexed(value.items);
      return;
    case 'dict':
      yield* entries(value);
      return;
    case 'call':
      yield* childrenOfCall(value);
      return;
    case 'text':
    case 'bytes':
    case 'global':
    case 'persistent':
    case 'buffer':
  }
}

function* indexed(items: readonly PickleValue[]): Generator<Child> {
  for (const [index, item] of items.entries()) yield [String(index), item];
}

/** Of equal keys the last counts, as in Python. */
function* entries({ keys, values }: Pick<PickleDict, 'keys' | 'values'>): Generator<Child> {
  const last = new Map(keys.map((key, index) => [keyText(key), index]));
  for (const [index, key] of keys.entries()) {
    const text = keyText(key);
    if (last.get(text) === index) yield [text, values[index] ?? null];
  }
}

/** As str() gives it for what keys usually are. */
function keyText(key: PickleValue): string {
  if (key === null) return 'None';
  if (typeof key === 'boolean') return key ? 'True' : 'False';
  if (typeof key !== 'object') return String(key);
  return key.kind === 'text' ? (key.text ?? `text at ${key.byteOffset}`) : key.kind;
}

function* childrenOfCall(call: PickleCall): Generator<Child> {
  const data = paddleEvalData(call);
  if (data !== null) {
    yield [null, data];
    return;
  }
  yield* childrenOfArguments(call);
  if (call.content !== null) yield* childrenOfContent(call.content);
}

const SEQUENCES = new Set(['tuple', 'list', 'set', 'frozenset', 'dict']);

/** A container that is built by a call holds what its one argument holds. */
function* childrenOfArguments(call: PickleCall): Generator<Child> {
  const callee = calleeOf(call);
  const [first] = argumentsOf(call);
  if (callee?.module === 'collections' && callee.name === 'OrderedDict') {
    for (const pair of itemsOf(first) ?? []) {
      const [key, value] = itemsOf(pair) ?? [];
      if (key !== undefined && value !== undefined) yield [keyText(key), value];
    }
  } else if (callee !== null && /^(builtins|__builtin__)$/.test(callee.module)) {
    if (SEQUENCES.has(callee.name) && first !== undefined) yield [null, first];
  } else if (callee?.module === 'torch.jit._pickle') {
    // A typed list of TorchScript, or a value with its type.
    if (first !== undefined) yield [null, first];
  } else {
    yield [null, call.args];
  }
}

function* childrenOfContent({ states, items, keys, values }: CallContent): Generator<Child> {
  yield* indexed(items);
  yield* entries({ keys, values });
  for (const state of states) yield* childrenOfState(state);
}

/** Attributes of an object: a dict, or a pair of two. Its own name is not part of the path. */
function* childrenOfState(state: PickleValue): Generator<Child> {
  const parts = itemsOf(state);
  if (parts !== null && parts.length !== 2) {
    yield [null, state];
    return;
  }
  for (const part of parts ?? [state]) {
    if (typeof part !== 'object' || part?.kind !== 'dict') continue;
    for (const [key, value] of entries(part)) {
      yield [key !== null && MODULE_PARTS.has(key) ? null : key, value];
    }
  }
}
