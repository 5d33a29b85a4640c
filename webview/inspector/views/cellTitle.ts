import * as l10n from '@vscode/l10n';
import { countText, percentText, shapeText } from '../../format/numbers';
import type { ColumnId } from '../state/inspectorState';
import type { TensorRow } from '../state/selectTensors';
import type { InspectorUi } from './inspectorUi';
import { operatorText, tensorName } from './tensorWords';

/** The exact value, and what a cell cuts off. */
export function cellTitle(
  ui: InspectorUi,
  { index, tensor, layer }: TensorRow,
  id: ColumnId,
): string | null {
  const figures = ui.state.figures.get(index) ?? null;
  switch (id) {
    case 'name':
      return tensorName(ui.state.model, index);
    case 'layer':
      return layer === null ? null : `${layer.name}, ${operatorText(layer)}`;
    case 'shape':
      return shapeText(tensor.shape);
    case 'type':
      return tensor.storage.elementType;
    case 'elements':
      return countText(tensor.elementCount);
    case 'bytes': {
      const { byteLength } = tensor.storage;
      const share = percentText(byteLength / Math.max(1, ui.state.model?.byteLength ?? 1));
      return l10n.t('{0} bytes, {1} of the model', countText(byteLength), share);
    }
    case 'zeros':
      return figures === null ? null : countText(figures.zeros);
    case 'min':
    case 'max':
    case 'mean':
    case 'std':
      return figures === null ? null : String(figures[id] ?? '');
    case 'distribution':
      return null;
  }
}
