/** Tags of the fields that writers put before the graph: ir_version is 0x08. */
const PRODUCER_NAME = 0x12;
const PRODUCER_VERSION = 0x1a;
const DOMAIN = 0x22;
const MODEL_VERSION = 0x28;
const DOC_STRING = 0x32;
const GRAPH = 0x3a;

/**
 * Whether a file begins as an ONNX model does: a version, then short printable texts about the producer,
 * then the graph. Other protobufs begin alike, so the graph, or a whole text, must be among the bytes.
 * @param start the first bytes of the file, at least 32 of them where it has as many
 */
export function looksLikeOnnx(start: Uint8Array): boolean {
  if (start[0] !== 0x08 || (start[1] ?? 0) === 0 || (start[1] ?? 0) >= 0x80) return false;
  let texts = 0;
  for (let at = 2; at + 1 < start.length;) {
    const tag = start[at] ?? 0;
    const value = start[at + 1] ?? 0;
    if (tag === GRAPH) return true;
    if (tag === MODEL_VERSION) {
      if (value >= 0x80) return texts > 0;
      at += 2;
      continue;
    }
    if (tag === DOC_STRING) return texts > 0;
    if (tag !== PRODUCER_NAME && tag !== PRODUCER_VERSION && tag !== DOMAIN) return false;
    const end = at + 2 + value;
    if (value >= 0x80 || !isPrintable(start.subarray(at + 2, end))) return false;
    if (end >= start.length) return texts > 0;
    texts++;
    at = end;
  }
  return texts > 0;
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
}
