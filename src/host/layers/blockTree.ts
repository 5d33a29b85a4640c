import type { LayerView, ModelView, TensorView } from '../../protocol/views';

/** Layers that belong together by their names. */
export interface Block {
  readonly kind: 'block';
  /** The part of the name that its layers share, e.g. `layer3.1`. */
  readonly path: string;
  readonly children: readonly (Block | LayerLeaf)[];
}

export interface LayerLeaf {
  readonly kind: 'layer';
  /** What is left of the name below its block. */
  readonly label: string;
  readonly layer: LayerView;
}

interface Branch {
  readonly path: string;
  readonly children: Map<string, Branch | LayerLeaf>;
}

/**
 * Groups layers into blocks by their names, in the order of the file. Names are split at `.` and
 * `/`, and at `_` after a number (`block1_conv`); a block of a single child is no block, and one that
 * holds everything is none either.
 */
export function blockTree(layers: readonly LayerView[]): readonly (Block | LayerLeaf)[] {
  const root: Branch = { path: '', children: new Map() };
  for (const layer of layers) insert(root, layer);
  const children = closeChildren(root);
  const [only] = children;
  const top = children.length === 1 && only?.kind === 'block' ? only.children : children;
  return top.map((child) => (child.kind === 'layer' ? relabel(child, '') : child));
}

function insert(root: Branch, layer: LayerView): void {
  const ends = partEnds(layer.name);
  let branch = root;
  for (const end of ends.slice(0, -1)) {
    const path = layer.name.slice(0, end);
    const next = branch.children.get(path);
    if (next !== undefined && !('kind' in next)) branch = next;
    else branch = openBranch(branch, path);
  }
  const start = branch.path === '' ? 0 : branch.path.length + 1;
  const leaf: LayerLeaf = { kind: 'layer', label: layer.name.slice(start), layer };
  branch.children.set(`${layer.name}\0`, leaf);
}

function openBranch(parent: Branch, path: string): Branch {
  const branch: Branch = { path, children: new Map() };
  parent.children.set(path, branch);
  return branch;
}

/** Where each part of a name ends, the whole name last. */
function partEnds(name: string): readonly number[] {
  const ends = [...name.matchAll(/[./]|(?<=\d)_(?=[A-Za-z])/gu)].map((match) => match.index);
  return [...ends.filter((end) => end > 0 && end < name.length - 1), name.length];
}

/** Turns branches into blocks, and those of a single child into that child. */
function closeChildren(branch: Branch): readonly (Block | LayerLeaf)[] {
  return [...branch.children.values()].map((child) => {
    if ('kind' in child) return relabel(child, branch.path);
    const children = closeChildren(child);
    const [only] = children;
    if (children.length === 1 && only !== undefined) {
      return only.kind === 'layer' ? relabel(only, branch.path) : only;
    }
    return { kind: 'block', path: child.path, children };
  });
}

function relabel(leaf: LayerLeaf, parentPath: string): LayerLeaf {
  const start = parentPath === '' ? 0 : parentPath.length + 1;
  return { ...leaf, label: leaf.layer.name.slice(start) };
}

/** Every layer below a node. */
export function layersBelow(node: Block | LayerLeaf): readonly LayerView[] {
  return node.kind === 'layer' ? [node.layer] : node.children.flatMap(layersBelow);
}

/** Layers whose name or operator holds the text, whatever its case; all for an empty text. */
export function filterLayers(layers: readonly LayerView[], text: string): readonly LayerView[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return layers;
  return layers.filter((layer) =>
    `${layer.name}\n${layer.operatorLabel}`.toLowerCase().includes(wanted),
  );
}

/** Tensors that no layer holds: optimizer state and what stands alone. */
export function looseTensors(model: ModelView): readonly TensorView[] {
  const held = new Set(model.layers.flatMap((layer) => layer.tensors));
  return model.tensors.filter((tensor) => !held.has(tensor.name));
}
