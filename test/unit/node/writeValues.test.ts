import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { decodeScores, makeDecodeScratch } from '../../../src/core/model/decodeValues';
import { flatIndexMap } from '../../../src/core/model/elementOrder';
import { type Model, storedDTypeOf, type TensorEntry } from '../../../src/core/model/model';
import { readTensorValues } from '../../../src/core/model/readTensor';
import { TensorStreamer } from '../../../src/core/model/streamTensor';
import { changedValues, valuesAfter } from '../../helpers/changedValues';
import { openFixture, openForTest } from '../../helpers/modelFixtures';
import { emptyPlace, writeAs } from '../../helpers/namedOutput';

/** Half a unit in the last place, of a number of magnitude 1; of codes half a step as the file says it. */
function roundingOf(tensor: TensorEntry): number {
  const { affine, quantization } = tensor;
  if (affine !== undefined) return 0.5 * Math.max(...affine.scales);
  const stored = storedDTypeOf(tensor);
  if (stored === 'uint8' || stored === 'uint16') return 0.5 * (quantization?.scale ?? NaN);
  const bits: Readonly<Record<string, number>> = {
    float64: 53,
    float32: 24,
    float16: 11,
    bfloat16: 8,
    float8_e4m3fn: 4,
    float8_e5m2: 3,
  };
  return 2 ** -(bits[stored] ?? NaN);
}

/** The real numbers of a tensor, in C order. */
async function realValues(model: Model, tensor: TensorEntry): Promise<Float64Array> {
  const values = new Float64Array(tensor.elementCount);
  const flatIndexOf = flatIndexMap(tensor) ?? ((i: number) => i);
  for await (const { bytes, firstElement } of new TensorStreamer(model).chunks(tensor)) {
    const decoded = decodeScores(tensor, bytes, makeDecodeScratch(), firstElement);
    decoded.forEach((value, i) => (values[flatIndexOf(firstElement + i)] = value));
  }
  return values;
}

/** A number as near as the codes of a quantised weight reach: what lies beyond their range is cut off. */
function clipped(value: number, { affine, quantization, dtype, shape }: TensorEntry, at: number) {
  const within = (low: number, high: number): number => Math.min(Math.max(value, low), high);
  if (quantization !== undefined && quantization.storedDType !== 'float16') {
    const { scale, min, storedDType } = quantization;
    return within(min, min + scale * (storedDType === 'uint8' ? 255 : 65535));
  }
  if (affine === undefined) return value;
  const inner = shape.slice((affine.axis ?? -1) + 1).reduce((size, n) => size * n, 1);
  const channel = affine.axis === null ? 0 : Math.floor(at / inner) % affine.scales.length;
  const [scale, zeroPoint] = [affine.scales[channel]!, affine.zeroPoints[channel]!];
  const [low, high] = dtype === 'int8' ? [-128, 127] : [0, 255];
  return within((low - zeroPoint) * scale, (high - zeroPoint) * scale);
}

const FIXTURES = [
  'safetensors/digits_mlp_f32.safetensors',
  'safetensors/digits_mlp_f16.safetensors',
  'safetensors/digits_mlp_bf16.safetensors',
  'safetensors/lenet5_sharded/model.safetensors.index.json',
  'numpy/iris_mlp.npz',
  'numpy/iris_mlp_compressed.npz',
  'numpy/edge_bigendian_f4.npy',
  'numpy/edge_fortran.npy',
  'pytorch/digits_mlp_state.pt',
  'pytorch/digits_mlp_legacy.pth',
  'paddle/digits_mlp_proto2_numpy1names.pdparams',
  'paddle/digits_mlp_proto4.pdparams',
  'keras/digits_mlp.keras',
  'keras/digits_mlp.h5',
  'keras/h5_gzip_shuffle_chunked.h5',
  'keras/bfloat16.keras',
  'tfjs/digits_mlp/model.json',
  'tfjs/digits_mlp_f16/model.json',
  'tfjs/digits_mlp_u8_sharded/model.json',
  'tfjs/lenet5_u8/model.json',
  'onnx/digits_mlp_legacy.onnx',
  'onnx/digits_mlp_float_data.onnx',
  'onnx/digits_mlp_f16.onnx',
  'onnx/lenet5_external.onnx',
  'onnx/digits_mlp_int8_dynamic.onnx',
  'onnx/lenet5_int8_qdq.onnx',
];

for (const fixture of FIXTURES) {
  test(`new values of ${fixture} are written in its own type, and nothing else changes`, async (t) => {
    const opened = await openFixture(t, fixture);
    const { model } = opened;
    const cuts = changedValues(model);
    assert.ok(cuts.size > 0, 'there is something to change');
    const inFolder = opened.sources.length > 1;
    const place = await emptyPlace(t, inFolder ? 'out' : path.basename(opened.path));
    const { model: written } = await openForTest(t, await writeAs(opened, place, cuts));
    for (const [i, tensor] of model.tensors.entries()) {
      const found = written.tensors[i]!;
      assert.deepEqual([found.dtype, found.shape], [tensor.dtype, tensor.shape], tensor.name);
      const cut = cuts.get(tensor.name);
      if (cut === undefined) {
        const before = await readTensorValues(model, tensor);
        assert.deepEqual(await readTensorValues(written, found), before, tensor.name);
        continue;
      }
      assert.deepEqual(
        await readTensorValues(written, found),
        await readTensorValues(model, tensor, cut),
        `${tensor.name}: as it is evaluated before it is written`,
      );
      const real = await realValues(written, found);
      const rounding = roundingOf(tensor) * (1 + 1e-6);
      valuesAfter(cut).forEach((value, at) => {
        if (value === 0) assert.equal(real[at], 0, `${tensor.name}: ${at} is masked`);
        const off = Math.abs(real[at]! - clipped(value, tensor, at));
        assert.ok(off <= rounding, `${tensor.name}: ${at}: ${real[at]} for ${value}`);
      });
    }
  });
}
