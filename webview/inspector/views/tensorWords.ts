import * as l10n from '@vscode/l10n';
import type { LayerView, ModelView } from '../../../src/protocol/views';

/** The operator of a layer, and that it is a guess where it is one. */
export function operatorText({ operatorLabel, guessed }: LayerView): string {
  return guessed ? l10n.t('{0}, guessed', operatorLabel) : operatorLabel;
}

/** The name of a tensor as it is shown: a file of one array has none for it but its own. */
export function tensorName(model: ModelView | null, index: number): string {
  const name = model?.tensors[index]?.name ?? '';
  return name === '' ? (model?.name ?? '') : name;
}
