// Masks of magnitude pruning on Paddle's files: torch.nn.utils.prune (torch 2.13.0) on the same network,
// whose dense weights Paddle keeps transposed.
import { type PruningCase, testPruningOracle } from '../../../../helpers/pruningOracles';

const FILES = [
  'digits_mlp_proto4.pdparams',
  'digits_mlp_proto4_numpy1names.pdparams',
  'digits_mlp_proto3_numpy1names.pdparams',
  'digits_mlp_proto2_numpy1names.pdparams',
];

const oracleName: PruningCase['oracleName'] = ({ layer }) => layer.replace(/^model\./, '');

for (const file of FILES) {
  testPruningOracle({
    oracle: 'digits_mlp',
    fixture: `paddle/${file}`,
    oracleName,
    transposed: true,
  });
}
