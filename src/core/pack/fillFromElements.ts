/** Elements that are made from something else, read as bytes. */
export interface MadeElements {
  readonly elementBytes: number;
  /** As many elements as are made at once. */
  readonly pieceElements: number;
  /** The bytes of `count` elements from `first` on. */
  readonly readElements: (first: number, count: number) => Promise<Uint8Array>;
}

/** Fills `target` with the elements' bytes from `byteOffset` on, which may lie within an element. Space: a piece. */
export async function fillFromElements(
  target: Uint8Array,
  byteOffset: number,
  { elementBytes, pieceElements, readElements }: MadeElements,
): Promise<void> {
  const end = byteOffset + target.length;
  for (let at = byteOffset; at < end;) {
    const first = Math.floor(at / elementBytes);
    const count = Math.min(pieceElements, Math.ceil(end / elementBytes) - first);
    const stop = Math.min(end, (first + count) * elementBytes);
    const bytes = await readElements(first, count);
    const skipped = at - first * elementBytes;
    target.set(bytes.subarray(skipped, skipped + stop - at), at - byteOffset);
    at = stop;
  }
}
