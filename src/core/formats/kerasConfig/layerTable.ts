import type { LayerFunction } from './layerContext';
import { activationLayers } from './layers/activation';
import { attentionLayers } from './layers/attention';
import { categoricalLayers } from './layers/categorical';
import { convolutionLayers } from './layers/convolution';
import { denseLayers } from './layers/dense';
import { embeddingLayers } from './layers/embedding';
import { mergingLayers } from './layers/merging';
import { normalizationLayers } from './layers/normalization';
import { poolingLayers } from './layers/pooling';
import { preprocessingLayers } from './layers/preprocessing';
import { recurrentLayers } from './layers/recurrent';
import { regularizationLayers } from './layers/regularization';
import { sequenceAttentionLayers } from './layers/sequenceAttention';
import { shapeLayers } from './layers/shape';
import { wrapperLayers } from './layers/wrappers';

/** How layers are written out, by class. */
const LAYERS: ReadonlyMap<string, LayerFunction> = new Map(
  [
    activationLayers,
    attentionLayers,
    categoricalLayers,
    convolutionLayers,
    denseLayers,
    embeddingLayers,
    mergingLayers,
    normalizationLayers,
    poolingLayers,
    preprocessingLayers,
    recurrentLayers,
    regularizationLayers,
    sequenceAttentionLayers,
    shapeLayers,
    wrapperLayers,
  ].flatMap((family) => Object.entries(family)),
);

/** Classes that hand the mask of their input on. Source: supports_masking in the layers of Keras 3.15. */
const MASK_KEEPERS: ReadonlySet<string> = new Set([
  'Activation',
  'ActivityRegularization',
  'AlphaDropout',
  'BatchNormalization',
  'Dense',
  'Dropout',
  'ELU',
  'GaussianDropout',
  'GaussianNoise',
  'GroupNormalization',
  'Identity',
  'LayerNormalization',
  'LeakyReLU',
  'Normalization',
  'PReLU',
  'ReLU',
  'Rescaling',
  'Softmax',
  'SpatialDropout1D',
  'SpatialDropout2D',
  'ThresholdedReLU',
  'TimeDistributed',
  'UnitNormalization',
]);

/** How a class of layers is written out; null for a class outside the set. */
export function layerFunction(className: string): LayerFunction | null {
  return LAYERS.get(className) ?? null;
}

export function keepsMask(className: string): boolean {
  return MASK_KEEPERS.has(className);
}
