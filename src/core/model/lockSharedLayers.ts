import type { Layer, Model, Notice, TensorEntry } from './model';

/** A run of bytes of one of the tensors that may be changed. */
interface Range {
  readonly fileIndex: number;
  readonly start: number;
  readonly end: number;
  /** Index into the list of tensors. */
  readonly owner: number;
}

/**
 * Tied weights and overlapping views are the same bytes under several names: of each such set the first
 * in layer order is pruned, the others are locked, for they change with it. A view that repeats its own
 * elements is locked too; a layer whose bias is shared keeps its units.
 */
export function lockSharedLayers(model: Model): Model {
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const names = new Set<string>();
  for (const layer of model.layers.filter(({ prunable }) => prunable)) {
    if (layer.weight !== undefined) names.add(layer.weight);
    if (layer.bias !== undefined) names.add(layer.bias);
  }
  const tensors = [...names].flatMap((name) => byName.get(name) ?? []);
  const groups = overlappingGroups(tensors);
  const repeating = new Set(tensors.filter(repeatsItself).map(({ name }) => name));
  if (groups.length === 0 && repeating.size === 0) return model;
  const sharing = new Map(
    groups.flatMap((group) => group.map(({ name }) => [name, group] as const)),
  );
  return lockAll(model, { sharing, repeating });
}

interface Shared {
  /** Each shared tensor's set. */
  readonly sharing: ReadonlyMap<string, readonly TensorEntry[]>;
  /** Views over their own elements. */
  readonly repeating: ReadonlySet<string>;
}

function lockAll(model: Model, { sharing, repeating }: Shared): Model {
  const pruned = new Map<readonly TensorEntry[], string>();
  const layers = model.layers.map((layer): Layer => {
    const { weight, bias } = layer;
    if (!layer.prunable || weight === undefined) return layer;
    const group = sharing.get(weight);
    const first = group === undefined ? weight : (pruned.get(group) ?? weight);
    if (group !== undefined) pruned.set(group, first);
    if (first !== weight || repeating.has(weight)) {
      return { ...layer, prunable: false, lockedBy: 'shared' };
    }
    const keepsUnits = bias !== undefined && (sharing.has(bias) || repeating.has(bias));
    return keepsUnits ? { ...layer, unitAxis: null, unitCount: null } : layer;
  });
  const known = new Set(model.notices.map(({ message }) => message));
  const added = [...pruned].map(tiedNotice).filter(({ message }) => !known.has(message));
  return { ...model, layers, notices: [...model.notices, ...added] };
}

const SHOWN_NAMES = 8;

function tiedNotice([group, first]: readonly [readonly TensorEntry[], string]): Notice {
  const others = group.map(({ name }) => name).filter((name) => name !== first);
  const more = others.length > SHOWN_NAMES ? ` and ${others.length - SHOWN_NAMES} more` : '';
  const some = others.slice(0, SHOWN_NAMES).join(', ') + more;
  return {
    code: 'tied-tensors',
    message: `${some} ${others.length === 1 ? 'shares' : 'share'} bytes with ${first}, which is pruned for all of them`,
  };
}

/** Sets of two and more tensors of which each shares bytes with another one. */
function overlappingGroups(tensors: readonly TensorEntry[]): readonly (readonly TensorEntry[])[] {
  const ranges = tensors.flatMap(rangesOf).sort(byPlace);
  const parents = tensors.map((_, i) => i);
  let last: Range | undefined;
  for (const range of ranges) {
    const overlaps =
      last !== undefined && last.fileIndex === range.fileIndex && range.start < last.end;
    if (last !== undefined && overlaps) join(parents, last.owner, range.owner);
    if (last === undefined || !overlaps || range.end > last.end) last = range;
  }
  const groups = new Map<number, TensorEntry[]>();
  for (const [i, tensor] of tensors.entries()) {
    const root = rootOf(parents, i);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [tensor]);
    else group.push(tensor);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function rangesOf({ spans }: TensorEntry, owner: number): readonly Range[] {
  return spans
    .filter(({ byteLength }) => byteLength > 0)
    .map(({ fileIndex, byteOffset, byteLength }) => ({
      fileIndex,
      start: byteOffset,
      end: byteOffset + byteLength,
      owner,
    }));
}

function byPlace(a: Range, b: Range): number {
  return a.fileIndex - b.fileIndex || a.start - b.start;
}

function rootOf(parents: number[], index: number): number {
  let root = index;
  while (parents[root] !== root) root = parents[root] ?? root;
  parents[index] = root;
  return root;
}

function join(parents: number[], a: number, b: number): void {
  parents[rootOf(parents, b)] = rootOf(parents, a);
}

/** A view whose elements are partly the same: an expanded axis, or windows over one another. */
function repeatsItself(tensor: TensorEntry): boolean {
  if (tensor.spans.length < 2) return false;
  const ranges = [...rangesOf(tensor, 0)].sort(byPlace);
  return ranges.some((range, i) => {
    const before = ranges[i - 1];
    return before?.fileIndex === range.fileIndex && range.start < before.end;
  });
}
