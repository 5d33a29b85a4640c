import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe/recipe';
import type { LayerNode } from '../layers/layerNodes';
import { layerStatus } from '../layers/layerStatus';
import type { LayersView } from '../layers/layersView';
import { layersBelow } from '../layers/blockTree';
import type { ModelSession } from '../model/modelSession';
import { chooseUnitAxis } from './chooseUnitAxis';
import { withExcluded, withLocked } from '../recipe/recipeEdits';
import type { LayerView } from '../../protocol/views';

type Edit = (recipe: Recipe, layers: readonly string[], on: boolean) => Recipe;

/** The commands of the Layers view's rows: with the rows chosen there, or the selected ones. */
export function layerCommands(view: LayersView): Readonly<Record<string, LayerCommand>> {
  const command =
    (edit: Edit, on: boolean): LayerCommand =>
    (node, nodes) =>
      apply(chosenRows(view, node, nodes), edit, () => on);
  const toggle =
    (edit: Edit, kind: 'locked' | 'excluded'): LayerCommand =>
    (node, nodes) =>
      apply(chosenRows(view, node, nodes), edit, (layers, recipe) =>
        layers.some((layer) => layerStatus(layer, recipe).kind !== kind),
      );
  return {
    'secateur.lockLayer': command(withLocked, true),
    'secateur.unlockLayer': command(withLocked, false),
    'secateur.excludeLayer': command(withExcluded, true),
    'secateur.includeLayer': command(withExcluded, false),
    'secateur.chooseUnitAxis': (node) => chooseUnitAxis(node ?? view.selection[0]),
    'secateur.toggleLayerLock': toggle(withLocked, 'locked'),
    'secateur.toggleLayerExclusion': toggle(withExcluded, 'excluded'),
  };
}

export type LayerCommand = (node?: LayerNode, nodes?: readonly LayerNode[]) => void | Promise<void>;

/** From the context menu: the row under the pointer, or all selected ones if it is among them. */
function chosenRows(
  view: LayersView,
  node: LayerNode | undefined,
  nodes: readonly LayerNode[] | undefined,
): readonly LayerNode[] {
  if (nodes !== undefined && nodes.length > 0) return nodes;
  return node === undefined ? view.selection : [node];
}

/** Changes each model's recipe once, for all of its chosen layers that can be pruned at all. */
function apply(
  nodes: readonly LayerNode[],
  edit: Edit,
  on: (layers: readonly LayerView[], recipe: Recipe) => boolean,
): void {
  for (const [session, layers] of layersBySession(nodes)) {
    if (layers.length === 0) continue;
    const names = layers.map(({ name }) => name);
    session.changeRecipe(edit(session.recipe, names, on(layers, session.recipe)));
  }
}

function layersBySession(nodes: readonly LayerNode[]): Map<ModelSession, LayerView[]> {
  const bySession = new Map<ModelSession, LayerView[]>();
  for (const node of nodes) {
    const layers = layersOf(node).filter(({ prunable }) => prunable);
    const known = bySession.get(node.session) ?? [];
    bySession.set(node.session, [...new Set([...known, ...layers])]);
  }
  return bySession;
}

function layersOf(node: LayerNode): readonly LayerView[] {
  switch (node.kind) {
    case 'layer':
      return [node.layer];
    case 'block':
      return layersBelow(node.block);
    case 'model':
    case 'tensor':
    case 'loose':
      return [];
  }
}

/** Asks for a text and filters the view while it is typed; Escape brings back what was before. */
export async function filterLayersCommand(view: LayersView): Promise<void> {
  const before = view.tree.filter;
  const accepted = await new Promise<boolean>((resolve) => {
    const box = vscode.window.createInputBox();
    box.title = vscode.l10n.t('Filter Layers');
    box.placeholder = vscode.l10n.t('Part of a name or operator; empty for all');
    box.value = before;
    box.onDidChangeValue((text) => view.setFilter(text));
    box.onDidAccept(() => {
      resolve(true);
      box.hide();
    });
    box.onDidHide(() => {
      resolve(false);
      box.dispose();
    });
    box.show();
  });
  if (!accepted) view.setFilter(before);
}
