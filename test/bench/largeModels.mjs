// Models of 6 GB, to show that memory does not grow with the file: safetensors in three shards, and an
// ONNX file with external data. Weights repeat one block of random numbers.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { message, number, text, valueInfo } from './onnxWire.mjs';

const SIDE = 4096;
const TENSOR_BYTES = SIDE * SIDE * 4;
const TENSOR_COUNT = 90;
const SHARDS = 3;
/** TensorProto.DataType. */
const FLOAT = 1;

/** Bytes of the weights of either model. */
export const largeModelBytes = TENSOR_COUNT * TENSOR_BYTES;

/** One tensor's worth of float32 in ±0.05; each tensor begins elsewhere in it. */
function weightBlock() {
  const values = new Float32Array(SIDE * SIDE);
  let state = 1;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 32 - 0.5) / 10;
  }
  return Buffer.from(values.buffer);
}

function writeTensors(handle, block, first, count) {
  for (let i = first; i < first + count; i++) {
    const turn = ((i * 7919) % (SIDE * SIDE)) * 4;
    writeSync(handle, block, turn);
    writeSync(handle, block, 0, turn);
  }
}

/** Writes three shards and their index. @returns the index's path. */
export function writeLargeSafetensors(folder) {
  const block = weightBlock();
  const perShard = TENSOR_COUNT / SHARDS;
  const weightMap = {};
  for (let shard = 0; shard < SHARDS; shard++) {
    const file = `model-0000${shard + 1}-of-0000${SHARDS}.safetensors`;
    const header = {};
    for (let i = 0; i < perShard; i++) {
      const name = `layers.${shard * perShard + i}.weight`;
      const data_offsets = [i * TENSOR_BYTES, (i + 1) * TENSOR_BYTES];
      header[name] = { dtype: 'F32', shape: [SIDE, SIDE], data_offsets };
      weightMap[name] = file;
    }
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    const handle = openSync(path.join(folder, file), 'w');
    writeSync(handle, Buffer.concat([length, json]));
    writeTensors(handle, block, shard * perShard, perShard);
    closeSync(handle);
  }
  const index = path.join(folder, 'model.safetensors.index.json');
  const metadata = { total_size: largeModelBytes };
  writeFileSync(index, JSON.stringify({ metadata, weight_map: weightMap }));
  return index;
}

/** Writes a chain of matrix products whose weights lie in `model.onnx.data`. @returns the path. */
export function writeLargeOnnx(folder) {
  const block = weightBlock();
  const handle = openSync(path.join(folder, 'model.onnx.data'), 'w');
  writeTensors(handle, block, 0, TENSOR_COUNT);
  closeSync(handle);
  const nodes = [];
  const initializers = [];
  for (let i = 0; i < TENSOR_COUNT; i++) {
    const node = [text(1, `x${i}`), text(1, `w${i}`), text(2, `x${i + 1}`), text(4, 'MatMul')];
    nodes.push(message(1, node));
    const place = { location: 'model.onnx.data', offset: i * TENSOR_BYTES, length: TENSOR_BYTES };
    const entries = Object.entries(place).map(([key, value]) =>
      message(13, [text(1, key), text(2, String(value))]),
    );
    const dims = [number(1, SIDE), number(1, SIDE)];
    initializers.push(
      message(5, [...dims, number(2, FLOAT), text(8, `w${i}`), ...entries, number(14, 1)]),
    );
  }
  const graph = [
    ...nodes,
    text(2, 'chain'),
    ...initializers,
    message(11, valueInfo('x0', FLOAT, [1, SIDE])),
    message(12, valueInfo(`x${TENSOR_COUNT}`, FLOAT, [1, SIDE])),
  ];
  const model = [number(1, 9), message(7, graph), message(8, [text(1, ''), number(2, 17)])];
  const file = path.join(folder, 'model.onnx');
  writeFileSync(file, Buffer.concat(model));
  return file;
}
