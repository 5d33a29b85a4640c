import { inTensorOrder, type KernelPath } from '../../core/graph/kernelPath';
import type { WeightMatrix } from '../../core/linearAlgebra/inputProduct';
import type { Values } from '../../core/model/decodeValues';
import {
  invertPlaces,
  putPlaces,
  takeMaskBits,
  takePlaces,
} from '../../core/kernels/matrixPlaceKernels';
import type { LayerInputs } from './layerInputs';

/** The weights of a tensor as the matrices that the layer's inputs are multiplied with, one a group. */
export class WeightMatrices {
  readonly groups: number;
  readonly inputs: number;
  readonly outputs: number;
  /** For each element of the matrices, group by group, the flat index (C order) of its weight in the tensor. */
  private readonly places: Float64Array;

  constructor(layer: LayerInputs, path: KernelPath) {
    const { groups, inputs, outputs } = layer;
    this.groups = groups;
    this.inputs = inputs;
    this.outputs = outputs;
    const size = groups * inputs * outputs;
    const kernel = new Float64Array(size);
    for (let group = 0, at = 0; group < groups; group++) {
      for (let input = 0; input < inputs; input++) {
        for (let output = 0; output < outputs; output++, at++) {
          kernel[layer.kernelIndex(group, input, output)] = at;
        }
      }
    }
    this.places = new Float64Array(size);
    invertPlaces(inTensorOrder(kernel, path), this.places);
  }

  /** @param values of the tensor, in C order */
  matrix(values: Values, group: number): WeightMatrix {
    const { inputs, outputs } = this;
    const own = new Float64Array(inputs * outputs);
    takePlaces(values, this.places, group * own.length, own);
    return { inputs, outputs, values: own };
  }

  /** The bits of a tensor's mask, a byte an element of the matrix. */
  flags(mask: Uint8Array, group: number): Uint8Array<ArrayBuffer> {
    const own = new Uint8Array(this.inputs * this.outputs);
    takeMaskBits(mask, this.places, group * own.length, own);
    return own;
  }

  /** Writes a matrix, or scores laid out like it, where they belong in the tensor. */
  put(matrix: Float64Array, group: number, target: Float64Array): void {
    putPlaces(matrix, this.places, group * matrix.length, target);
  }
}
