import type { Architecture } from '../../../../src/core/recipe/recipe';

/** Of numpy/iris_mlp.npz: 4-8-3, sigmoid after both. */
export const irisArchitecture: Architecture = {
  axisOrder: 'in-out',
  layers: [
    { kernel: 'W1', bias: 'b1', activation: 'sigmoid' },
    { kernel: 'W2', bias: 'b2', activation: 'sigmoid' },
  ],
};

/** Of safetensors/digits_mlp_*: PyTorch's linear layers, logits at the end. */
export const digitsArchitecture: Architecture = {
  axisOrder: 'out-in',
  layers: [
    { kernel: 'fc1.weight', bias: 'fc1.bias', activation: 'relu' },
    { kernel: 'fc2.weight', bias: 'fc2.bias', activation: 'relu' },
    { kernel: 'fc3.weight', bias: 'fc3.bias' },
  ],
};
