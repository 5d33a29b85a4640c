import * as vscode from 'vscode';
import type { ModelSession } from '../model/modelSession';
import type { Sessions } from '../model/sessions';
import { LeftAloneDecorations } from './leftAloneDecorations';
import { LayersTree } from './layersTree';
import type { LayerNode } from './layerNodes';

/** The Layers view: its tree, what is selected in it, and how that and the panels follow each other. */
export class LayersView implements vscode.Disposable {
  static readonly viewId = 'secateur.layers';
  readonly tree: LayersTree;
  readonly #view: vscode.TreeView<LayerNode>;
  readonly #disposables: readonly { dispose(): void }[];
  readonly #followed = new WeakSet<ModelSession>();

  constructor(sessions: Sessions) {
    this.tree = new LayersTree(sessions);
    this.#view = vscode.window.createTreeView(LayersView.viewId, {
      treeDataProvider: this.tree,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#disposables = [
      this.#view,
      this.tree,
      vscode.window.registerFileDecorationProvider(new LeftAloneDecorations()),
      this.#view.onDidChangeSelection(({ selection }) => tellPanel(selection)),
      sessions.onDidChange(() => {
        this.#followPanels(sessions);
        tellContext('secateur.hasModels', sessions.all.length > 0);
      }),
    ];
  }

  get selection(): readonly LayerNode[] {
    return this.#view.selection;
  }

  /** Shows only layers that match; the view says so. */
  setFilter(filter: string): void {
    this.tree.setFilter(filter);
    const text = this.tree.filter;
    this.#view.description = text === '' ? '' : vscode.l10n.t('filter: {0}', text);
    tellContext('secateur.layersFiltered', text !== '');
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #followPanels(sessions: Sessions): void {
    for (const session of sessions.all) {
      if (this.#followed.has(session)) continue;
      this.#followed.add(session);
      session.onDidSelectLayer(({ layer, source }) => {
        if (source !== 'tree') void this.#select(session, layer);
      });
    }
  }

  /** Only where the view is to be seen: revealing would bring it to the front. */
  async #select(session: ModelSession, layer: string): Promise<void> {
    const node = this.tree.layerNode(session, layer);
    if (node === undefined || !this.#view.visible) return;
    await this.#view.reveal(node, { select: true, focus: false });
  }
}

/** What the menus of package.json ask for. */
function tellContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

function tellPanel(selection: readonly LayerNode[]): void {
  const [node] = selection;
  if (node?.kind === 'layer') {
    node.session.selectLayer({ layer: node.layer.name, source: 'tree' });
  }
}
