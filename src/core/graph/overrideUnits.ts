import { UsageError } from '../errors';
import type { Layer, Model, TensorEntry } from '../model/model';
import type { Recipe, UnitLayout } from '../recipe/recipe';
import { parseTensorName } from './tensorNames';

/** Operators whose units lie on the first or the last axis, by convention. */
const CONVENTIONAL: ReadonlySet<string> = new Set(['dense', 'conv1d', 'conv2d', 'conv3d', 'other']);

/**
 * The model with the user's word on which axis counts the units, where the file does not say it: the
 * whole model's layout, and over it single layers' axes. A bias belongs to the units it is as long as.
 * @throws UsageError when an axis is named for a layer that the file itself tells of, or that the weight
 *   does not have.
 */
export function overrideUnits(
  model: Model,
  { layout, layers }: Pick<Recipe, 'layout' | 'layers'>,
): Model {
  const axes = new Map(
    Object.entries(layers).flatMap(([name, { unitAxis }]) =>
      unitAxis === undefined ? [] : [[name, unitAxis] as const],
    ),
  );
  if (layout === undefined && axes.size === 0) return model;
  const tensors = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const changed = model.layers.map((layer) => {
    const weight = layer.weight === undefined ? undefined : tensors.get(layer.weight);
    const axis = axes.get(layer.name);
    if (axis !== undefined) {
      assertOverridable(layer, weight, axis);
      return withUnits(layer, axis, tensors);
    }
    const byLayout = layout === undefined ? null : axisByLayout(layer, weight, layout);
    return byLayout === null ? layer : withUnits(layer, byLayout, tensors);
  });
  return { ...model, layers: changed };
}

function assertOverridable(layer: Layer, weight: TensorEntry | undefined, axis: number): void {
  const place = `layers[${JSON.stringify(layer.name)}].unitAxis`;
  if (layer.guessed !== true || weight === undefined) {
    const found =
      layer.guessed === true ? 'a layer without a weight' : 'a layer that the file describes';
    throw new UsageError(`${place}: found ${found}; allowed: a layer whose units are a guess`);
  }
  if (axis < weight.shape.length) return;
  const shape = weight.shape.join('×');
  throw new UsageError(
    `${place}: found ${axis}; allowed: 0 to ${weight.shape.length - 1}, the axes of ${shape}`,
  );
}

/** null where the layout says nothing: another operator, or a bias that fits one end only. */
function axisByLayout(
  layer: Layer,
  weight: TensorEntry | undefined,
  layout: UnitLayout,
): number | null {
  if (layer.guessed !== true || weight === undefined || layer.unitAxis === null) return null;
  if (!CONVENTIONAL.has(layer.operator)) return null;
  const first = weight.shape[0];
  const last = weight.shape.at(-1);
  const saidByBias = layer.bias !== undefined && first !== last;
  if (saidByBias) return null;
  return layout === 'torch' ? 0 : weight.shape.length - 1;
}

function withUnits(
  layer: Layer,
  unitAxis: number,
  tensors: ReadonlyMap<string, TensorEntry>,
): Layer {
  const rest: Layer & { bias?: string } = { ...layer };
  delete rest.bias;
  const unitCount = tensors.get(layer.weight ?? '')?.shape[unitAxis] ?? null;
  const bias = layer.parameters.find((name) => {
    const shape = tensors.get(name)?.shape;
    const fits = shape?.length === 1 && shape[0] === unitCount;
    return fits && name !== layer.weight && (name === layer.bias || isBiasName(name));
  });
  return { ...rest, ...(bias === undefined ? {} : { bias }), unitAxis, unitCount };
}

function isBiasName(name: string): boolean {
  return parseTensorName(name).role === 'bias';
}
