import { encodeVarint, varintLength } from './varint';
import type { WireMessage } from './wireReader';

/** Bytes that take the place of others, inside messages whose lengths say how long they are. */
export interface LengthEdit {
  readonly byteOffset: number;
  /** Of what is replaced. */
  readonly byteLength: number;
  readonly bytes: Uint8Array;
  /** The innermost message (or text) that holds what is replaced. */
  readonly within: WireMessage;
}

/** Bytes in the place of others; what surrounds them is not affected. */
export interface ByteEdit {
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly bytes: Uint8Array;
}

/**
 * The edits with those of the length prefixes that they change, of all messages around them up to the
 * file itself. Prefixes may take more or fewer bytes than before, which counts in the lengths above.
 */
export function withNewLengths(edits: readonly LengthEdit[]): readonly ByteEdit[] {
  const growth = new Map<number, { message: WireMessage; growth: number }>();
  const grow = (message: WireMessage | null, by: number): void => {
    if (message === null || message.lengthOffset === null) return;
    const known = growth.get(message.lengthOffset) ?? { message, growth: 0 };
    growth.set(message.lengthOffset, { message, growth: known.growth + by });
  };
  for (const { within } of edits) for (const one of withAncestors(within)) grow(one, 0);
  for (const { within, bytes, byteLength } of edits) grow(within, bytes.length - byteLength);
  // Innermost first: a message begins after those around it.
  const inward = [...growth.values()].sort((a, b) => b.message.byteOffset - a.message.byteOffset);
  const prefixes = inward.map(({ message }): ByteEdit => {
    const own = growth.get(message.lengthOffset ?? -1)?.growth ?? 0;
    const byteOffset = message.lengthOffset ?? 0;
    const byteLength = message.byteOffset - byteOffset;
    const bytes = newPrefix(message.byteLength + own, byteLength);
    grow(message.parent, own + bytes.length - byteLength);
    return { byteOffset, byteLength, bytes };
  });
  return [...edits, ...prefixes];
}

/** As many bytes as before where that is possible, so that an unchanged length stays as it was written. */
function newPrefix(length: number, oldBytes: number): Uint8Array {
  return encodeVarint(length, Math.max(oldBytes, varintLength(length)));
}

function* withAncestors(message: WireMessage): Generator<WireMessage> {
  for (let at: WireMessage | null = message; at !== null; at = at.parent) yield at;
}
