import type { LayerView, TensorView } from '../../protocol/views';
import type { ModelSession } from '../model/modelSession';
import { blockTree, filterLayers, looseTensors } from './blockTree';
import type { Block, LayerLeaf } from './blockTree';

interface Row {
  /** Unique in the view, and the same when the rows are made anew. */
  readonly id: string;
  readonly session: ModelSession;
}

interface ModelNode extends Row {
  readonly kind: 'model';
}

interface ChildRow extends Row {
  readonly parent: LayerNode;
  readonly label: string;
}

interface BlockNode extends ChildRow {
  readonly kind: 'block';
  readonly block: Block;
}

interface OneLayerNode extends ChildRow {
  readonly kind: 'layer';
  readonly layer: LayerView;
}

interface TensorNode extends ChildRow {
  readonly kind: 'tensor';
  readonly tensor: TensorView;
}

/** The tensors that no layer holds. */
interface LooseNode extends Row {
  readonly kind: 'loose';
  readonly parent: LayerNode;
  readonly tensors: readonly TensorView[];
}

/** One row of the Layers view. */
export type LayerNode = ModelNode | BlockNode | OneLayerNode | TensorNode | LooseNode;

/** The rows of one model, made once for each header and filter. */
export class ModelRows {
  readonly root: LayerNode;
  readonly #children = new Map<string, readonly LayerNode[]>();
  readonly #layers = new Map<string, LayerNode>();

  constructor(session: ModelSession, filter: string) {
    this.root = { kind: 'model', id: session.path, session };
    const { model } = session.state;
    if (model === null) return;
    const rows = blockTree(filterLayers(model.layers, filter)).map((child) =>
      this.#addChild(child, this.root),
    );
    const loose = filter === '' ? looseTensors(model) : [];
    if (loose.length > 0) rows.push(this.#addLoose(loose));
    this.#children.set(this.root.id, rows);
  }

  childrenOf(node: LayerNode): readonly LayerNode[] {
    return this.#children.get(node.id) ?? [];
  }

  /** The row of a layer; absent while the filter hides it. */
  layerNode(name: string): LayerNode | undefined {
    return this.#layers.get(name);
  }

  #addChild(child: Block | LayerLeaf, parent: LayerNode): LayerNode {
    return child.kind === 'block' ? this.#addBlock(child, parent) : this.#addLayer(child, parent);
  }

  #addBlock(block: Block, parent: LayerNode): LayerNode {
    const { session } = this.root;
    const id = `${session.path}\nblock\n${block.path}`;
    const node: LayerNode = { kind: 'block', id, session, parent, block, label: block.path };
    this.#children.set(
      id,
      block.children.map((child) => this.#addChild(child, node)),
    );
    return node;
  }

  #addLayer({ layer, label }: LayerLeaf, parent: LayerNode): LayerNode {
    const { session } = this.root;
    const id = `${session.path}\nlayer\n${layer.name}`;
    const node: LayerNode = { kind: 'layer', id, session, parent, layer, label };
    this.#layers.set(layer.name, node);
    const tensors = session.state.model?.tensors ?? [];
    this.#children.set(
      id,
      layer.tensors.flatMap((name) => {
        const tensor = tensors.find((entry) => entry.name === name);
        return tensor === undefined ? [] : [this.#tensorNode(tensor, node, layer.name)];
      }),
    );
    return node;
  }

  #addLoose(tensors: readonly TensorView[]): LayerNode {
    const { session } = this.root;
    const id = `${session.path}\nloose`;
    const node: LayerNode = { kind: 'loose', id, session, parent: this.root, tensors };
    this.#children.set(
      id,
      tensors.map((tensor) => this.#tensorNode(tensor, node, '')),
    );
    return node;
  }

  #tensorNode(tensor: TensorView, parent: LayerNode, layerName: string): LayerNode {
    const { session } = this.root;
    const id = `${session.path}\ntensor\n${tensor.name}`;
    return { kind: 'tensor', id, session, parent, tensor, label: ownName(tensor.name, layerName) };
  }
}

/** What a tensor's name says beyond its layer's. */
function ownName(tensor: string, layer: string): string {
  const rest = tensor.startsWith(layer) ? tensor.slice(layer.length).replace(/^[./_]/u, '') : '';
  return rest === '' ? tensor : rest;
}
