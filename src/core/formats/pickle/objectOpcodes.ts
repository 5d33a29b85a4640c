import { contentOf } from './containerOpcodes';
import type { PickleMachine } from './pickleMachine';
import type { OpcodeHandler } from './scalarOpcodes';
import { asciiLine } from './scalarOpcodes';
import { type PickleGlobal, type PickleValue, textOf } from './pickleValue';

/**
 * What imports or calls something in Python: here it is only written down. Nothing is looked up by
 * the names that a file holds. Source: CPython, Lib/pickletools.py.
 */
export const OBJECT_OPCODES: readonly (readonly [number, OpcodeHandler])[] = [
  [0x2e, (m) => void (m.result = { value: m.pop() })], // STOP
  [0x80, (m) => setProtocol(m)], // PROTO
  [0x95, (m) => checkFrame(m)], // FRAME
  [0x63, (m) => pushGlobal(m, readName(m), readName(m))], // GLOBAL
  [0x93, (m) => pushStackGlobal(m)], // STACK_GLOBAL
  [0x82, (m) => pushExtension(m, m.cursor.uint8())], // EXT1
  [0x83, (m) => pushExtension(m, m.cursor.uint16())], // EXT2
  [0x84, (m) => pushExtension(m, m.cursor.int32())], // EXT4
  [0x69, (m) => instantiateByName(m)], // INST
  [0x6f, (m) => instantiate(m)], // OBJ
  [0x52, (m) => callTop(m)], // REDUCE
  [0x81, (m) => callTop(m)], // NEWOBJ
  [0x92, (m) => callWithKeywords(m)], // NEWOBJ_EX
  [0x62, (m) => build(m)], // BUILD
  [0x50, (m) => pushPersistentLine(m)], // PERSID
  [0x51, (m) => pushPersistent(m, m.pop())], // BINPERSID
];

const HIGHEST_PROTOCOL = 5;

function setProtocol(machine: PickleMachine): void {
  const protocol = machine.cursor.uint8();
  if (protocol > HIGHEST_PROTOCOL) {
    throw machine.cursor.error(`protocol ${protocol}`, `0 to ${HIGHEST_PROTOCOL}`);
  }
  machine.trace.protocol = Math.max(machine.trace.protocol, protocol);
}

/** Frames only tell how much to read ahead; one that reaches beyond the file is a file cut short. */
function checkFrame(machine: PickleMachine): void {
  const { cursor } = machine;
  const byteLength = cursor.uint64();
  if (byteLength <= cursor.remaining) return;
  throw cursor.error(`a frame of ${byteLength} bytes`, `at most the ${cursor.remaining} left`);
}

/** Names are UTF-8; what is none can be no name that is known. */
function readName(machine: PickleMachine): string {
  const line = asciiLine(machine);
  return new TextDecoder().decode(Uint8Array.from(line, (one) => one.charCodeAt(0)));
}

function pushGlobal(machine: PickleMachine, module: string, name: string): void {
  const { byteOffset } = machine.cursor;
  const found: PickleGlobal = { kind: 'global', module, name, byteOffset, pushes: 0 };
  machine.trace.globals.push(found);
  machine.pushNew(found);
}

function pushStackGlobal(machine: PickleMachine): void {
  const name = textOf(machine.pop());
  const module = textOf(machine.pop());
  if (name === null || module === null) {
    throw machine.cursor.error('STACK_GLOBAL without two names', 'short text for module and name');
  }
  pushGlobal(machine, module, name);
}

/** A code of the extension registry: what it stands for is not in the file. */
function pushExtension(machine: PickleMachine, code: number): void {
  pushGlobal(machine, 'copyreg', `extension ${code}`);
}

function pushCall(machine: PickleMachine, callee: PickleValue, args: PickleValue): void {
  const { byteOffset } = machine.cursor;
  const call = { kind: 'call', callee, args, byteOffset, content: null } as const;
  machine.trace.calls.push(call);
  machine.pushNew(call);
}

function instantiateByName(machine: PickleMachine): void {
  pushGlobal(machine, readName(machine), readName(machine));
  const callee = machine.pop();
  pushCall(machine, callee, { kind: 'tuple', items: machine.popMark() });
}

function instantiate(machine: PickleMachine): void {
  const [callee, ...items] = machine.popMark();
  if (callee === undefined) throw machine.cursor.error('OBJ without a class', 'a class');
  pushCall(machine, callee, { kind: 'tuple', items });
}

function callTop(machine: PickleMachine): void {
  const args = machine.pop();
  pushCall(machine, machine.pop(), args);
}

/** Keyword arguments follow the positional ones as one dict: they are only shown. */
function callWithKeywords(machine: PickleMachine): void {
  const keywords = machine.pop();
  const args = machine.pop();
  pushCall(machine, machine.pop(), { kind: 'tuple', items: [args, keywords] });
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (typeof target === 'object' && target?.kind === 'call') contentOf(target).states.push(state);
  else machine.trace.foreignStates.push({ target, byteOffset: machine.cursor.byteOffset });
}

function pushPersistentLine(machine: PickleMachine): void {
  const { byteOffset } = machine.cursor;
  const text = asciiLine(machine);
  const byteLength = text.length;
  const place = { byteOffset, byteLength, encoding: 'escaped', lengthBytes: 0 } as const;
  pushPersistent(machine, { kind: 'text', text, ...place });
}

function pushPersistent(machine: PickleMachine, id: PickleValue): void {
  const found = { kind: 'persistent', id, byteOffset: machine.cursor.byteOffset } as const;
  machine.trace.persistent.push(found);
  machine.pushNew(found);
}
