import type { TensorEntry } from '../../../model/model';
import { lowerEinsum } from '../../../graph/lowering/lowerEinsum';
import type { LayerContext, LayerFunction } from '../layerContext';
import { activated } from './activated';

/** Dense: kernel [inputs, units]. */
const dense: LayerFunction = (layer) => {
  const { config, weights } = layer;
  const units = config.count('units');
  const kernel = weights.require('kernel', [null, units], 'units');
  const bias = optionalBias(layer, units, 'units');
  const operator = { kind: 'dense', kernelLayout: 'in-out' } as const;
  return activated(layer, layer.emit(operator, [layer.x, layer.parameter(kernel), bias]));
};

/** The bias as a value; null where the layer has none. */
export function optionalBias(layer: LayerContext, units: number, because: string): string | null {
  if (!layer.config.boolean('use_bias', true)) return null;
  return layer.parameter(layer.weights.require('bias', [units], because));
}

/** EinsumDense: any product of the input with a kernel. Source: einsum_dense.py of Keras 3.15. */
const einsumDense: LayerFunction = (layer) => {
  const { config, weights } = layer;
  const kernel = weights.requireAny('kernel');
  const equation = withoutEllipsis(layer, config.string('equation'), kernel);
  const product = lowerEinsum(layer, equation, [layer.x, layer.parameter(kernel)]);
  if (!config.has('bias_axes')) return activated(layer, product);
  // Keras gives the bias axes of length 1 behind the first of its own, so it broadcasts as it stands.
  const bias = layer.parameter(weights.requireAny('bias'));
  return activated(layer, layer.merge('add', product, bias));
};

/** `...` stands for as many axes as the input has beside the named ones. */
function withoutEllipsis(layer: LayerContext, equation: string, kernel: TensorEntry): string {
  if (!equation.includes('...')) return equation;
  const [input = ''] = equation.split(',');
  const rank = layer.rank(layer.x);
  const named = input.replaceAll(/[.\s]/g, '').length;
  const used = new Set(equation);
  const free = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ').filter((letter) => !used.has(letter));
  if (rank < named || rank - named > free.length || kernel.shape.length === 0) {
    throw layer.config.bad('equation', `an equation for an input of ${rank} axes`);
  }
  return equation.replaceAll('...', free.slice(0, rank - named).join(''));
}

export const denseLayers: Readonly<Record<string, LayerFunction>> = {
  Dense: dense,
  EinsumDense: einsumDense,
};
