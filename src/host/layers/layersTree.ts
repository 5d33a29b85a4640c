import * as vscode from 'vscode';
import type { HostToPanel } from '../../protocol/hostWebview';
import type { ModelSession } from '../model/modelSession';
import type { Sessions } from '../model/sessions';
import { layerItem } from './layerItem';
import { ModelRows } from './layerNodes';
import type { LayerNode } from './layerNodes';
import { layerTooltip } from './layerTooltip';

/** Figures come in bursts; the tree is drawn anew at most this often. */
const REFRESH_DELAY_MS = 150;

/** The rows of the Layers view: every open model with its blocks, layers and tensors. */
export class LayersTree implements vscode.TreeDataProvider<LayerNode>, vscode.Disposable {
  readonly onDidChangeTreeData: vscode.Event<LayerNode | undefined>;
  readonly #changed = new vscode.EventEmitter<LayerNode | undefined>();
  readonly #sessions: Sessions;
  readonly #rows = new Map<ModelSession, ModelRows>();
  readonly #subscriptions = new Map<ModelSession, vscode.Disposable>();
  readonly #sessionsListener: vscode.Disposable;
  #filter = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.onDidChangeTreeData = this.#changed.event;
    this.#sessionsListener = sessions.onDidChange(() => this.#follow());
  }

  get filter(): string {
    return this.#filter;
  }

  /** Shows only layers whose name or operator holds this text. */
  setFilter(filter: string): void {
    this.#filter = filter.trim();
    this.#rows.clear();
    this.#changed.fire(undefined);
  }

  getTreeItem(node: LayerNode): vscode.TreeItem {
    const item = layerItem(node);
    const isFiltered = this.#filter !== '' && node.kind === 'block';
    if (isFiltered) item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: LayerNode): vscode.TreeItem {
    item.tooltip = layerTooltip(node);
    return item;
  }

  getChildren(node?: LayerNode): LayerNode[] {
    if (node !== undefined) return [...this.#rowsOf(node.session).childrenOf(node)];
    return this.#sessions.all.map((session) => this.#rowsOf(session).root);
  }

  getParent(node: LayerNode): LayerNode | undefined {
    return node.kind === 'model' ? undefined : node.parent;
  }

  /** The row of a layer; absent while the filter hides it. */
  layerNode(session: ModelSession, layer: string): LayerNode | undefined {
    return this.#rowsOf(session).layerNode(layer);
  }

  modelNode(session: ModelSession): LayerNode {
    return this.#rowsOf(session).root;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#sessionsListener.dispose();
    for (const subscription of this.#subscriptions.values()) subscription.dispose();
    this.#changed.dispose();
  }

  #rowsOf(session: ModelSession): ModelRows {
    const known = this.#rows.get(session);
    if (known !== undefined) return known;
    const rows = new ModelRows(session, this.#filter);
    this.#rows.set(session, rows);
    return rows;
  }

  #follow(): void {
    const open = new Set(this.#sessions.all);
    for (const [session, subscription] of this.#subscriptions) {
      if (open.has(session)) continue;
      subscription.dispose();
      this.#subscriptions.delete(session);
      this.#rows.delete(session);
    }
    for (const session of open) {
      if (this.#subscriptions.has(session)) continue;
      this.#subscriptions.set(
        session,
        session.onDidSay((message) => this.#heard(session, message)),
      );
    }
    this.#changed.fire(undefined);
  }

  #heard(session: ModelSession, { type }: HostToPanel): void {
    if (type === 'model') {
      this.#rows.delete(session);
      this.#changed.fire(undefined);
    }
    if (type === 'recipe' || type === 'plan' || type === 'statistics' || type === 'failure') {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#changed.fire(undefined);
      }, REFRESH_DELAY_MS);
    }
  }
}
