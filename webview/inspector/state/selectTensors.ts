import type { TensorFigures } from '../../../src/protocol/hostInspector';
import type { LayerView, ModelView, StoredTensorView } from '../../../src/protocol/views';
import { memoizeLast } from '../../state/memoize';
import { selectFlags } from '../unusual/selectUnusual';
import type { ColumnId, InspectorState, InspectorView } from './inspectorState';
import { parseTensorQuery } from './tensorQuery';

/** A tensor in the table, without its figures: these change while the rest stays. */
export interface TensorRow {
  /** The tensor's place in the file, from 0. */
  readonly index: number;
  readonly tensor: StoredTensorView;
  readonly layer: LayerView | null;
  /** What the filter looks at, in lower case. */
  readonly searched: string;
}

/** All tensors in the file's order. */
export function selectAllTensors({ model }: InspectorState): readonly TensorRow[] {
  return model === null ? [] : listTensors(model);
}

/** The tensors in the order and under the filter that the user chose. */
export function selectTensors(state: InspectorState): readonly TensorRow[] {
  const { query, sort, onlyUnusual } = state.view;
  const flags = onlyUnusual ? selectFlags(state) : null;
  const filtered = filterTensors(selectAllTensors(state), query, flags);
  // Only these orders change while the figures come in.
  const figures = sort !== null && MEASURED.has(sort.column) ? state.figures : null;
  return sortTensors(filtered, sort, figures);
}

const MEASURED: ReadonlySet<ColumnId> = new Set(['zeros', 'min', 'max', 'mean', 'std']);

const listTensors = memoizeLast(({ tensors, layers }: ModelView): readonly TensorRow[] => {
  const layerOf = new Map<string, LayerView>();
  for (const layer of layers) for (const name of layer.tensors) layerOf.set(name, layer);
  return tensors.map((tensor, index) => {
    const layer = layerOf.get(tensor.name) ?? null;
    const { elementType } = tensor.storage;
    const words = [tensor.name, layer?.name, layer?.operatorLabel, tensor.dtype, elementType];
    return { index, tensor, layer, searched: words.join(' ').toLowerCase() };
  });
});

const filterTensors = memoizeLast(
  (
    rows: readonly TensorRow[],
    query: string,
    flags: ReadonlyMap<number, unknown> | null,
  ): readonly TensorRow[] => {
    if (query.trim() === '' && flags === null) return rows;
    const isMeant = parseTensorQuery(query);
    return rows.filter((row) => isMeant(row) && flags?.has(row.index) !== false);
  },
);

const sortTensors = memoizeLast(
  (
    rows: readonly TensorRow[],
    sort: InspectorView['sort'],
    figures: ReadonlyMap<number, TensorFigures> | null,
  ): readonly TensorRow[] => {
    if (sort === null) return rows;
    const sign = sort.descending ? -1 : 1;
    if (sort.column === 'name' || sort.column === 'layer' || sort.column === 'type') {
      const text = textOf(sort.column);
      return [...rows].sort((a, b) => sign * byName.compare(text(a), text(b)) || a.index - b.index);
    }
    const values = new Map(rows.map((row) => [row.index, valueOf(row, sort.column, figures)]));
    return [...rows].sort((a, b) => {
      const [first, second] = [values.get(a.index) ?? null, values.get(b.index) ?? null];
      // What is not known stands at the end, whichever way the rest goes.
      if (first === null || second === null) {
        return Number(first === null) - Number(second === null) || a.index - b.index;
      }
      return sign * (first - second) || a.index - b.index;
    });
  },
);

const byName = new Intl.Collator(undefined, { numeric: true });

function textOf(column: 'name' | 'layer' | 'type'): (row: TensorRow) => string {
  switch (column) {
    case 'name':
      return ({ tensor }) => tensor.name;
    case 'layer':
      return ({ layer }) => layer?.name ?? '';
    case 'type':
      return ({ tensor }) => tensor.storage.elementType;
  }
}

/** The number that a column sorts by; null where it is not known. */
function valueOf(
  { index, tensor }: TensorRow,
  column: ColumnId,
  figures: ReadonlyMap<number, TensorFigures> | null,
): number | null {
  const known = figures?.get(index);
  switch (column) {
    case 'shape':
      return tensor.shape.length * 1e15 + Math.min(tensor.elementCount, 1e15);
    case 'bytes':
      return tensor.storage.byteLength;
    case 'zeros':
      return known === undefined ? null : known.zeros / Math.max(1, tensor.elementCount);
    case 'min':
    case 'max':
    case 'mean':
    case 'std':
      return known?.[column] ?? null;
    case 'elements':
    case 'name':
    case 'layer':
    case 'type':
    case 'distribution':
      return tensor.elementCount;
  }
}
