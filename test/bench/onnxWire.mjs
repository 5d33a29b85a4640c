// The wire format of protocol buffers, as ONNX files are written in it: varints (type 0) and length-delimited
// fields (type 2). https://protobuf.dev/programming-guides/encoding

/** A field that holds a non-negative number below 2^53. */
export function number(field, value) {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** A field that holds the fields of a message. */
export function message(field, parts) {
  const content = Buffer.concat(parts);
  return Buffer.concat([messageHead(field, content.length), content]);
}

/** What stands before the content of a message: for contents too large to be held. */
export function messageHead(field, byteLength) {
  return Buffer.concat([varint(field * 8 + 2), varint(byteLength)]);
}

/** A field that holds a string. */
export function text(field, value) {
  return message(field, [Buffer.from(value)]);
}

/** A ValueInfoProto; a dimension is a number, or a name. */
export function valueInfo(name, elementType, dimensions) {
  const sizes = dimensions.map((size) =>
    message(1, [typeof size === 'number' ? number(1, size) : text(2, size)]),
  );
  const tensorType = [number(1, elementType), message(2, sizes)];
  return [text(1, name), message(2, [message(1, tensorType)])];
}

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
