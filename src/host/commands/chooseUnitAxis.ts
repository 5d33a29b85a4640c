import * as vscode from 'vscode';
import { unitAxisIn, withUnitAxis } from '../../core/recipe/unitAxis';
import type { LayerNode } from '../layers/layerNodes';
import { NumberText } from '../text/numberText';

interface AxisItem extends vscode.QuickPickItem {
  /** null for the guess. */
  readonly axis: number | null;
}

/** Asks on which axis the units of a guessed layer lie; the choice goes into the recipe. */
export async function chooseUnitAxis(node: LayerNode | undefined): Promise<void> {
  if (node?.kind !== 'layer') return;
  const { layer, session } = node;
  const { weight, unitAxisBy } = layer;
  if (weight === null || unitAxisBy === null) return;
  const numbers = new NumberText(vscode.env.language);
  const current = unitAxisIn(layer, session.recipe);
  const axes = weight.shape.map((size, axis): AxisItem => ({
    axis,
    label: vscode.l10n.t('Axis {0}', axis),
    description: [
      vscode.l10n.t('{0} units', numbers.integer(size)),
      ...(axis === current ? [vscode.l10n.t('as it is now')] : []),
      ...(unitAxisBy.torch === axis && unitAxisBy.keras !== axis ? ['PyTorch'] : []),
      ...(unitAxisBy.keras === axis && unitAxisBy.torch !== axis ? ['Keras'] : []),
    ].join(', '),
  }));
  const guess: AxisItem = { axis: null, label: vscode.l10n.t('As guessed') };
  const chosen = await vscode.window.showQuickPick([guess, ...axes], {
    title: vscode.l10n.t('Units of {0}', layer.name),
    placeHolder: vscode.l10n.t('The axis of the weight that counts its units'),
  });
  if (chosen !== undefined) {
    session.changeRecipe(withUnitAxis(session.recipe, layer.name, chosen.axis));
  }
}
