import type { ByteSource } from '../../io';
import type { Place } from '../../errors';
import {
  MAX_PICKLE_KEPT_TEXT_BYTES,
  MAX_PICKLE_MEMO,
  MAX_PICKLE_OBJECTS,
  MAX_PICKLE_STACK,
} from '../../limits';
import { PickleCursor } from './pickleCursor';
import type { PickleCall, PickleGlobal, PicklePersistent, PickleValue } from './pickleValue';

/** What happened while a pickle was read, also where it breaks off. */
export interface PickleTrace {
  protocol: number;
  /** Every name that Python would import, in order. */
  readonly globals: PickleGlobal[];
  readonly calls: PickleCall[];
  /** States set on what is not the result of a call: attributes of a module or class would change. */
  readonly foreignStates: { readonly target: PickleValue; readonly byteOffset: number }[];
  readonly persistent: PicklePersistent[];
}

export function emptyTrace(): PickleTrace {
  return { protocol: 0, globals: [], calls: [], foreignStates: [], persistent: [] };
}

/** The state of Python's unpickler: a stack with marks, and a memo. Every size is bounded. */
export class PickleMachine {
  readonly cursor: PickleCursor;
  /** Set by STOP. */
  result: { readonly value: PickleValue } | null = null;
  private readonly stack: PickleValue[] = [];
  /** Heights of the stack. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private objectCount = 0;
  private keptTextBytes = 0;

  constructor(
    source: ByteSource,
    byteOffset: number,
    where: Place,
    readonly trace: PickleTrace,
  ) {
    this.cursor = new PickleCursor(source, byteOffset, where);
  }

  push(value: PickleValue): void {
    if (this.stack.length >= MAX_PICKLE_STACK) {
      throw this.cursor.error('a deeper stack', `at most ${MAX_PICKLE_STACK} values`);
    }
    if (typeof value === 'object' && value?.kind === 'global') value.pushes++;
    this.stack.push(value);
  }

  /** Pushes a value that was newly made, which counts. */
  pushNew(value: PickleValue): void {
    if (++this.objectCount > MAX_PICKLE_OBJECTS) {
      throw this.cursor.error('more objects', `at most ${MAX_PICKLE_OBJECTS}`);
    }
    this.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.length > this.fence ? this.stack.pop() : undefined;
    if (value === undefined) throw this.underflow('a value');
    return value;
  }

  top(): PickleValue {
    const value = this.stack.length > this.fence ? this.stack.at(-1) : undefined;
    if (value === undefined) throw this.underflow('a value');
    return value;
  }

  mark(): void {
    if (this.marks.length >= MAX_PICKLE_STACK) {
      throw this.cursor.error('more marks', `at most ${MAX_PICKLE_STACK}`);
    }
    this.marks.push(this.stack.length);
  }

  /** Takes what was pushed since the last mark, and the mark. */
  popMark(): PickleValue[] {
    const height = this.marks.pop();
    if (height === undefined) throw this.underflow('a mark');
    return this.stack.splice(height);
  }

  /** POP takes a value, or a mark where nothing stands above it. */
  discard(): void {
    if (this.stack.length > this.fence) this.stack.pop();
    else this.popMark();
  }

  remember(index: number): void {
    const value = this.top();
    if (this.memo.size >= MAX_PICKLE_MEMO && !this.memo.has(index)) {
      throw this.cursor.error('a larger memo', `at most ${MAX_PICKLE_MEMO} entries`);
    }
    this.memo.set(index, value);
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) {
      throw this.cursor.error(`memo entry ${index}`, `one of the ${this.memo.size} entries`);
    }
    this.push(value);
  }

  /** Whether text of this length is still kept in memory. */
  mayKeepText(byteLength: number): boolean {
    if (this.keptTextBytes + byteLength > MAX_PICKLE_KEPT_TEXT_BYTES) return false;
    this.keptTextBytes += byteLength;
    return true;
  }

  /** What stands below the last mark is out of reach. */
  private get fence(): number {
    return this.marks.at(-1) ?? 0;
  }

  private underflow(what: string): Error {
    return this.cursor.error('an empty stack', `${what} on the stack`);
  }
}
