import * as l10n from '@vscode/l10n';
import type { LayerView } from '../../../src/protocol/views';

/** The operator of a layer, and that it is a guess where it is one. */
export function operatorText({ operatorLabel, guessed }: LayerView): string {
  return guessed ? l10n.t('{0}, guessed', operatorLabel) : operatorLabel;
}
