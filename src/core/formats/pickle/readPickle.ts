import type { Place } from '../../errors';
import type { ByteSource } from '../../io';
import { MAX_PICKLE_OPCODES } from '../../limits';
import { CONTAINER_OPCODES } from './containerOpcodes';
import { OBJECT_OPCODES } from './objectOpcodes';
import { emptyTrace, PickleMachine, type PickleTrace } from './pickleMachine';
import type { PickleValue } from './pickleValue';
import { type OpcodeHandler, SCALAR_OPCODES } from './scalarOpcodes';

/** A pickle as inert data. */
export interface Pickle {
  readonly value: PickleValue;
  readonly trace: PickleTrace;
  /** Where it begins, and where what follows it begins. */
  readonly byteOffset: number;
  readonly endOffset: number;
}

/** By the opcode's byte. */
const HANDLERS: readonly (OpcodeHandler | undefined)[] = (() => {
  const handlers = new Array<OpcodeHandler | undefined>(256).fill(undefined);
  for (const [opcode, handler] of [...SCALAR_OPCODES, ...CONTAINER_OPCODES, ...OBJECT_OPCODES]) {
    handlers[opcode] = handler;
  }
  return handlers;
})();

/**
 * Follows one pickle of protocol 0 to 5 to its STOP without importing or calling anything. Space: what it
 * builds, with payloads left in the file; bounded by the caps of limits.ts.
 * @param trace filled on the way, so that it tells what came before an error
 * @throws FormatError when the pickle breaks off, breaks the rules of its opcodes, or exceeds a cap.
 * Source: CPython, Lib/pickletools.py and Lib/pickle.py (`_Unpickler`).
 */
export async function readPickle(
  source: ByteSource,
  byteOffset: number,
  where: Place,
  trace: PickleTrace = emptyTrace(),
): Promise<Pickle> {
  const machine = new PickleMachine(source, byteOffset, where, trace);
  const { cursor } = machine;
  for (let count = 0; machine.result === null; count++) {
    if (count >= MAX_PICKLE_OPCODES) {
      throw cursor.error('more steps', `at most ${MAX_PICKLE_OPCODES}`);
    }
    if (cursor.isLow) await cursor.fill();
    const opcode = cursor.uint8();
    const handler = HANDLERS[opcode];
    if (handler === undefined) {
      const place = cursor.byteOffset - 1;
      throw cursor.error(`the byte 0x${opcode.toString(16)}`, 'an opcode of a pickle', place);
    }
    const pending = handler(machine);
    if (pending !== undefined) await pending;
  }
  return { value: machine.result.value, trace, byteOffset, endOffset: cursor.byteOffset };
}
