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

/** The product of the last axis with a matrix, which is a dense layer whatever stands before that axis. */
const LAST_AXIS = /^(\.{0,3}[A-Za-z]*)([A-Za-z]),\2([A-Za-z])->\1\3$/;

/** Longer equations are no such product. */
const MAX_EQUATION = 64;

/** EinsumDense: any product of the input with a kernel. Source: einsum_dense.py of Keras 3.15. */
const einsumDense: LayerFunction = (layer) => {
  const { config, weights } = layer;
  const kernel = weights.requireAny('kernel');
  const said = config.string('equation');
  const biasTensor = config.has('bias_axes') ? weights.requireAny('bias') : null;
  const isMatrix = kernel.shape.length === 2 && (biasTensor?.shape.length ?? 1) === 1;
  if (isMatrix && said.length <= MAX_EQUATION && LAST_AXIS.test(said)) {
    const bias = biasTensor === null ? null : layer.parameter(biasTensor);
    const operator = { kind: 'dense', kernelLayout: 'in-out' } as const;
    return activated(layer, layer.emit(operator, [layer.x, layer.parameter(kernel), bias]));
  }
  const equation = withoutEllipsis(layer, said, kernel);
  const product = lowerEinsum(layer, equation, [layer.x, layer.parameter(kernel)]);
  if (biasTensor === null) return activated(layer, product);
  // Keras gives the bias axes of length 1 behind the first of its own, so it broadcasts as it stands.
  const bias = layer.parameter(biasTensor);
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
