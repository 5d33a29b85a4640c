import type { LayerContext, LayerFunction } from '../layerContext';

const identity: LayerFunction = (layer) => layer.emit({ kind: 'identity' }, [layer.x]);

/** Dropout; `noise_shape` says with 1 along which axes the noise is shared. */
const dropout: LayerFunction = (layer) => {
  const shape = layer.config.raw('noise_shape');
  const shared = Array.isArray(shape) ? shape.flatMap((size, i) => (size === 1 ? [i] : [])) : [];
  return emitDropout(layer, shared);
};

/** SpatialDropout1D and 2D drop whole channels. */
function spatialDropout(rank: number): LayerFunction {
  return (layer) => {
    const isFirst = rank > 1 && layer.config.raw('data_format') === 'channels_first';
    return emitDropout(
      layer,
      Array.from({ length: rank }, (_, i) => i + (isFirst ? 2 : 1)),
    );
  };
}

function emitDropout(layer: LayerContext, sharedAxes: readonly number[]): string {
  const rate = layer.config.number('rate', 0);
  if (rate < 0 || rate > 1) throw layer.config.bad('rate', 'a number from 0 to 1');
  return layer.emit({ kind: 'dropout', rate, sharedAxes }, [layer.x]);
}

/** What does nothing to its input at inference. */
const IDENTITIES = [
  'ActivityRegularization',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'Identity',
  'MixUp',
  'CutMix',
  'RandAugment',
  'AugMix',
  'RandomBrightness',
  'RandomColorDegeneration',
  'RandomColorJitter',
  'RandomContrast',
  'RandomErasing',
  'RandomFlip',
  'RandomGaussianBlur',
  'RandomGrayscale',
  'RandomHeight',
  'RandomHue',
  'RandomInvert',
  'RandomPerspective',
  'RandomPosterization',
  'RandomRotation',
  'RandomSaturation',
  'RandomSharpness',
  'RandomShear',
  'RandomTranslation',
  'RandomWidth',
  'RandomZoom',
];

export const regularizationLayers: Readonly<Record<string, LayerFunction>> = {
  Dropout: dropout,
  SpatialDropout1D: spatialDropout(1),
  SpatialDropout2D: spatialDropout(2),
  ...Object.fromEntries(IDENTITIES.map((name) => [name, identity])),
};
