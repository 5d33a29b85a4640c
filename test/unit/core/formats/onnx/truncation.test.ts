// An ONNX file is one protobuf message without an end mark: cut behind a field it is a valid, shorter
// message. Writers put the graph before the operator sets, so a missing operator set tells nearly all
// cuts; what comes after the first one (further sets, metadata, functions) can be missing unnoticed.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import { openModelFile } from '../../../../../src/node/openModel';
import { fixturePath } from '../../../../helpers/fixtures';
import { emptyPlace } from '../../../../helpers/namedOutput';

/** The ends of the fields after which a ModelProto has version, graph and an operator set. */
function endsOfWholeModels(bytes: Buffer): ReadonlySet<number> {
  const seen = new Set<number>();
  const ends = new Set<number>();
  for (let at = 0; at < bytes.length;) {
    const [tag, afterTag] = varintAt(bytes, at);
    const [value, afterValue] = varintAt(bytes, afterTag);
    seen.add(Math.floor(tag / 8));
    at = tag % 8 === 2 ? afterValue + value : afterValue;
    if ([1, 7, 8].every((field) => seen.has(field))) ends.add(at);
  }
  return ends;
}

function varintAt(bytes: Buffer, start: number): [value: number, next: number] {
  let value = 0;
  let scale = 1;
  for (let at = start; ; at++, scale *= 128) {
    value += (bytes[at]! & 0x7f) * scale;
    if (bytes[at]! < 0x80) return [value, at + 1];
  }
}

async function isRefused(file: string): Promise<boolean> {
  try {
    await (await openModelFile(file)).close();
    return false;
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
    return true;
  }
}

/** The fixture, and how many bytes lie between two cuts. */
const FILES = [
  ['edge_tensor_encodings.onnx', 1],
  ['digits_mlp_int8_dynamic.onnx', 23],
  ['lstm_legacy.onnx', 23],
  ['lstm_dynamo.onnx', 41],
] as const;

for (const [name, step] of FILES) {
  test(`${name} cut short gives a FormatError, but behind a whole field at its end`, async (t) => {
    const whole = await readFile(fixturePath('onnx', name));
    const valid = endsOfWholeModels(whole);
    assert.ok(valid.has(whole.length) && valid.size < 8);
    const file = await emptyPlace(t, name);
    const lengths = new Set([...valid].flatMap((end) => [end - 1, end, end + 1]));
    for (let length = 0; length < whole.length; length += step) lengths.add(length);
    for (const length of lengths) {
      if (length > whole.length) continue;
      await writeFile(file, whole.subarray(0, length));
      assert.equal(await isRefused(file), !valid.has(length), `cut at ${length} bytes`);
    }
  });
}

test('external data cut short by a byte is told', async (t) => {
  const main = await readFile(fixturePath('onnx', 'lenet5_external.onnx'));
  const data = await readFile(fixturePath('onnx', 'lenet5_external.onnx.data'));
  const file = await emptyPlace(t, 'lenet5_external.onnx');
  await writeFile(file, main);
  for (const length of [0, data.length - 1, data.length]) {
    await writeFile(`${file}.data`, data.subarray(0, length));
    assert.equal(await isRefused(file), length < data.length, `cut at ${length} bytes`);
  }
});
