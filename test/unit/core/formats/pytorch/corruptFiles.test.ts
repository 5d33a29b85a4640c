import { testCorruptFiles } from '../../../../helpers/corruptFiles';

const DIGITS = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias', 'fc3.weight', 'fc3.bias'];

testCorruptFiles(['pt_', 'pth_', 'nan_inf.pt'], {
  'nan_inf.pt': ['mixed', 'all_nan'],
  // The archive says that its values are big-endian, and nothing in it says otherwise.
  'pt_big_endian_marker.pt': DIGITS,
});
