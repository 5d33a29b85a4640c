import type { TensorFigures } from '../../../src/protocol/hostInspector';
import type { LayerView, ModelView, StoredTensorView } from '../../../src/protocol/views';
import {
  initialInspector,
  type InspectorState,
} from '../../../webview/inspector/state/inspectorState';
import { layerView, modelView } from '../panelFixtures';

/** A float32 tensor of this name and shape. */
export function tensorView(name: string, shape: readonly number[]): StoredTensorView {
  const elementCount = shape.reduce((product, size) => product * size, 1);
  return {
    name,
    shape,
    dtype: 'float32',
    elementCount,
    role: 'parameter',
    storage: {
      byteLength: 4 * elementCount,
      elementType: 'float32',
      file: 'net.safetensors',
      byteOffset: 0,
      pieceCount: 1,
      littleEndian: true,
      axisOrder: null,
      codes: null,
    },
  };
}

/** Figures of a tensor that is spread evenly from -1 to 1. */
export function figuresOf(tensor: number, fields: Partial<TensorFigures> = {}): TensorFigures {
  return {
    tensor,
    min: -1,
    max: 1,
    mean: 0,
    std: 0.577,
    zeros: 0,
    nonFinite: 0,
    bars: { from: -1, to: 1, counts: [], zeros: 0 },
    constantUnits: null,
    ...fields,
  };
}

/** A layer of these tensors, of which the first is its weight. */
export function layerOf(
  name: string,
  tensors: readonly StoredTensorView[],
  fields: Partial<LayerView> = {},
): LayerView {
  const [weight] = tensors;
  return layerView(name, {
    tensors: tensors.map((tensor) => tensor.name),
    weight: weight ?? null,
    ...fields,
  });
}

/** A model of these tensors and layers. */
export function modelOf(
  tensors: readonly StoredTensorView[],
  layers: readonly LayerView[] = [],
): ModelView {
  return { ...modelView(layers), tensors };
}

/** The inspector of a model whose tensors are all read. */
export function readInspector(
  model: ModelView,
  figures: readonly TensorFigures[] = [],
): InspectorState {
  return {
    ...initialInspector,
    model,
    figures: new Map(figures.map((entry) => [entry.tensor, entry])),
    reading: { state: 'done', report: null },
  };
}
