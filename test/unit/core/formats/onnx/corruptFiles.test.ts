// What test/fixtures/corrupt/expect.json says of each broken ONNX file. Where it allows a choice, the
// file is refused.
import { testCorruptFiles } from '../../../../helpers/corruptFiles';

const DIGITS = ['fc1', 'fc2', 'fc3'].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]);

testCorruptFiles(['onnx_', 'nan_inf.onnx'], {
  'onnx_dangling_input.onnx': DIGITS,
  'nan_inf.onnx': DIGITS,
});
