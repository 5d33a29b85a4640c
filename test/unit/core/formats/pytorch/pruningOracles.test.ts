// Masks of magnitude pruning on the files that PyTorch wrote: torch.nn.utils.prune of torch 2.13.0.
import { type PruningCase, testPruningOracle } from '../../../../helpers/pruningOracles';

const FIXTURES: readonly (readonly [oracle: string, file: string])[] = [
  ['digits_mlp', 'digits_mlp_state.pt'],
  ['digits_mlp', 'digits_mlp_legacy.pth'],
  ['digits_mlp', 'digits_mlp_full_module.pt'],
  ['digits_mlp', 'digits_mlp_full_module_legacy.pth'],
  ['digits_mlp', 'digits_mlp_torchscript.pt'],
  ['digits_mlp', 'digits_mlp_dataparallel.pt'],
  ['digits_mlp', 'digits_mlp_checkpoint.pt'],
  ['lenet5', 'lenet5_state.pth'],
  ['lenet5', 'lenet5_torchscript_traced.pt'],
  ['resnet', 'resnet_state.pt'],
  ['mobilenet', 'mobilenet_state.pt'],
  ['densenet', 'densenet_state.pt'],
  ['transformer', 'transformer_state.pt'],
];

const oracleName: PruningCase['oracleName'] = ({ layer }) =>
  layer.replace(/^(module|model_state_dict)\./, '');

for (const [oracle, file] of FIXTURES) {
  testPruningOracle({ oracle, fixture: `pytorch/${file}`, oracleName });
}
