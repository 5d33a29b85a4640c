import * as vscode from 'vscode';
import type { LayerOperator } from '../../core/model/model';
import type { LayerView } from '../../protocol/views';
import type { ModelState } from '../model/modelState';
import { globOfName } from '../recipe/recipeEdits';
import { NumberText, shapeText } from '../text/numberText';
import { layersBelow } from './blockTree';
import { parameterShare, sparsityOf } from './layerFigures';
import type { LayerNode } from './layerNodes';
import { layerStatus } from './layerStatus';
import type { LayerStatus } from './layerStatus';
import { lockSentence } from './lockSentence';

const OPERATOR_ICONS: Readonly<Record<LayerOperator, string>> = {
  dense: 'symbol-array',
  conv1d: 'symbol-method',
  conv2d: 'symbol-method',
  conv3d: 'symbol-method',
  convTranspose: 'symbol-method',
  recurrent: 'symbol-event',
  depthwiseConv2d: 'symbol-method',
  embedding: 'symbol-key',
  normalization: 'symbol-ruler',
  other: 'symbol-misc',
};

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** How a row of the Layers view looks. The tooltip is made when it is asked for. */
export function layerItem(node: LayerNode): vscode.TreeItem {
  switch (node.kind) {
    case 'model':
      return modelItem(node);
    case 'block':
      return blockItem(node);
    case 'layer':
      return layerRow(node);
    case 'tensor':
      return tensorItem(node);
    case 'loose':
      return looseItem(node);
  }
}

type NodeOf<K extends LayerNode['kind']> = Extract<LayerNode, { kind: K }>;

function numbers(): NumberText {
  return new NumberText(vscode.env.language);
}

function modelItem({ id, session }: NodeOf<'model'>): vscode.TreeItem {
  const item = new vscode.TreeItem(session.name, Expanded);
  item.id = id;
  item.contextValue = 'model';
  item.iconPath = plainIcon('file-binary');
  item.description = modelDescription(session.state, session.isOpening);
  return item;
}

function modelDescription(state: ModelState, isOpening: boolean): string {
  const { model, plan, failure } = state;
  if (model === null) {
    if (isOpening) return vscode.l10n.t('opening …');
    return failure?.title ?? vscode.l10n.t('not opened');
  }
  if (plan !== null) return plannedText(plan.plan.totals.sparsity);
  return vscode.l10n.t('{0} parameters', numbers().count(model.parameterCount));
}

function blockItem({ id, label, block, session }: NodeOf<'block'>): vscode.TreeItem {
  const item = new vscode.TreeItem(label, Collapsed);
  item.id = id;
  item.contextValue = 'block';
  item.iconPath = plainIcon('layers');
  const layers = layersBelow(block);
  const { state } = session;
  item.description = joinText([shareText(layers, state), sparsityText(layers, state)]);
  return item;
}

/** What is most worth knowing in a narrow row: what the plan takes, else how much the layer holds. */
function figureText(layers: readonly LayerView[], state: ModelState): string {
  const sparsity = sparsityText(layers, state);
  return sparsity === '' ? shareText(layers, state) : sparsity;
}

function shareText(layers: readonly LayerView[], { model }: ModelState): string {
  if (model === null) return '';
  return vscode.l10n.t('{0} of model', numbers().share(parameterShare(layers, model)));
}

function layerRow({ id, label, layer, session }: NodeOf<'layer'>): vscode.TreeItem {
  const status = layerStatus(layer, session.recipe, session.state.plan?.plan);
  const item = new vscode.TreeItem(label, layer.tensors.length > 0 ? Collapsed : None);
  item.id = id;
  item.contextValue = contextValue(layer, status);
  item.iconPath = plainIcon(statusIcon(status) ?? OPERATOR_ICONS[layer.operator]);
  item.description = layerDescription(layer, status, session.state);
  // The decoration provider greys the name of what could be pruned and is left alone.
  const isLeftAlone = status.kind !== 'pruned' && layer.weight !== null;
  if (isLeftAlone) item.resourceUri = vscode.Uri.from({ scheme: LEFT_ALONE, path: '/' });
  return item;
}

function layerDescription(layer: LayerView, status: LayerStatus, state: ModelState): string {
  if (layer.weight === null) {
    return joinText([layer.operatorLabel, numbers().integer(layer.parameterCount)]);
  }
  const figure = status.kind === 'pruned' ? figureText([layer], state) : statusText(status);
  return joinText([shapeText(layer.weight.shape), figure]);
}

/** Symbols have colours of their own; here they would tell something that is not meant. */
function plainIcon(id: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, new vscode.ThemeColor('icon.foreground'));
}

/** What the menus of package.json tell rows apart by. */
function contextValue(layer: LayerView, status: LayerStatus): string {
  const byPattern = status.kind === 'excluded' && status.glob !== globOfName(layer.name);
  // What stands at an end can be locked and excluded like any other.
  const own = status.kind === 'end' ? 'pruned' : status.kind;
  const kind = byPattern ? 'layer.excludedByPattern' : `layer.${own}`;
  return layer.unitAxisBy === null ? kind : `${kind}.guessed`;
}

/** The scheme of the addresses whose rows are drawn in grey. */
export const LEFT_ALONE = 'secateur-left-alone';

function statusIcon(status: LayerStatus): string | null {
  switch (status.kind) {
    case 'locked':
      return 'lock';
    case 'excluded':
    case 'notChosen':
      return 'circle-slash';
    case 'pruned':
    case 'end':
    case 'never':
      return null;
  }
}

/** Why a layer is left as it is, in a few words; empty where it is not. */
export function statusText(status: LayerStatus): string {
  switch (status.kind) {
    case 'pruned':
      return '';
    case 'locked':
      return vscode.l10n.t('locked');
    case 'excluded':
      return vscode.l10n.t('excluded');
    case 'notChosen':
      return vscode.l10n.t('not chosen');
    case 'end':
      return status.end === 'outputs'
        ? vscode.l10n.t('model outputs')
        : vscode.l10n.t('model inputs');
    case 'never':
      return status.reason === null ? '' : lockSentence(status.reason);
  }
}

function tensorItem({ id, label, tensor, session }: NodeOf<'tensor'>): vscode.TreeItem {
  const item = new vscode.TreeItem(label, None);
  item.id = id;
  item.contextValue = 'tensor';
  item.iconPath = plainIcon('symbol-numeric');
  const zeros = session.state.statistics.get(tensor.name)?.statistics.zeros ?? 0;
  item.description = joinText([
    tensor.dtype,
    shapeText(tensor.shape),
    zeros === 0 ? '' : vscode.l10n.t('{0} zeros', numbers().percent(zeros / tensor.elementCount)),
  ]);
  return item;
}

function looseItem({ id, tensors }: NodeOf<'loose'>): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Other tensors'), Collapsed);
  item.id = id;
  item.contextValue = 'loose';
  item.iconPath = plainIcon('archive');
  item.description = numbers().integer(tensors.length);
  return item;
}

function sparsityText(layers: readonly LayerView[], state: ModelState): string {
  const sparsity = sparsityOf(layers, state);
  if (sparsity === null) return '';
  if (sparsity.planned) return plannedText(sparsity.share);
  if (sparsity.share === 0) return '';
  return vscode.l10n.t('{0} zeros', numbers().percent(sparsity.share));
}

function plannedText(share: number): string {
  return vscode.l10n.t('{0} pruned', numbers().percent(share));
}

function joinText(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
