import type { ReduceOperator } from '../operators/reduction';
import type { SliceOperator } from '../operators/shape';
import {
  concatenatedShape,
  expandedShape,
  gatheredShape,
  reducedShape,
  reshapedShape,
  slicedShape,
  transposedShape,
} from '../shapes/arrayShapes';
import { type Misfit, resolveAxis } from '../shapes/valueFacts';
import { broadcastIndex, stridedIndex, stridesOf } from './hostStrides';
import { type HostElement, hostCount, type HostValue } from './hostValue';

/** The same elements in another shape, with 0 and -1 as in a reshape operator. */
export function reshapeHost(value: HostValue, shape: readonly number[], misfit: Misfit): HostValue {
  const wanted = reshapedShape({ kind: 'reshape', shape }, value.shape, misfit);
  return { ...value, shape: wanted };
}

export function transposeHost(
  value: HostValue,
  permutation: readonly number[],
  misfit: Misfit,
): HostValue {
  const operator = { kind: 'transpose', permutation } as const;
  const shape = transposedShape(operator, value.shape, misfit);
  const own = stridesOf(value.shape);
  const strides = permutation.map((axis) => own[axis] ?? 0);
  return taken(value, shape, { at: stridedIndex(shape, strides, 0), misfit });
}

export function concatenateHost(
  values: readonly HostValue[],
  axis: number,
  misfit: Misfit,
): HostValue {
  const [first] = values;
  if (first === undefined) throw misfit('nothing to concatenate', 'one array or more');
  const shape = concatenatedShape(
    values.map((one) => one.shape),
    axis,
    misfit,
  );
  hostCount(shape, misfit);
  const at = resolveAxis(axis, shape.length, misfit);
  const outer = hostCount(shape.slice(0, at), misfit);
  const rows = values.map((one) => ({ one, length: one.elements.length / Math.max(1, outer) }));
  const elements = Array.from({ length: outer }, (_, row) =>
    rows.flatMap(({ one, length }) => one.elements.slice(row * length, (row + 1) * length)),
  );
  return { shape, type: first.type, elements: elements.flat() };
}

export function sliceHost(value: HostValue, operator: SliceOperator, misfit: Misfit): HostValue {
  const shape = slicedShape(operator, value.shape, misfit);
  const strides = [...stridesOf(value.shape)];
  let offset = 0;
  operator.axes.forEach((axis, i) => {
    offset += (operator.starts[i] ?? 0) * (strides[axis] ?? 0);
    strides[axis] = (strides[axis] ?? 0) * (operator.steps[i] ?? 1);
  });
  return taken(value, shape, { at: stridedIndex(shape, strides, offset), misfit });
}

/** Slices along an axis by index; null where an index is not known. */
export function gatherHost(
  data: HostValue,
  indices: HostValue,
  axis: number,
  misfit: Misfit,
): HostValue | null {
  const at = resolveAxis(axis, data.shape.length, misfit);
  const length = data.shape[at] ?? 0;
  const shape = gatheredShape(axis, data.shape, indices.shape, misfit);
  const count = hostCount(shape, misfit);
  const places: number[] = [];
  for (const index of indices.elements) {
    if (index === null) return null;
    if (index < -length || index >= length) {
      throw misfit(`index ${index}`, `-${length} to ${length - 1}`);
    }
    places.push(index < 0 ? index + length : index);
  }
  const inner = hostCount(data.shape.slice(at + 1), misfit);
  const elements = Array.from({ length: count }, (_, i): HostElement => {
    const outer = Math.floor(i / (inner * places.length));
    const place = places[Math.floor(i / inner) % places.length] ?? 0;
    return data.elements[(outer * length + place) * inner + (i % inner)] ?? null;
  });
  return { shape, type: data.type, elements };
}

/** @param shape -1 keeps the input's size */
export function expandHost(value: HostValue, shape: readonly number[], misfit: Misfit): HostValue {
  const wanted = expandedShape({ kind: 'expand', shape }, value.shape, misfit);
  return taken(value, wanted, { at: broadcastIndex(value.shape, wanted), misfit });
}

export function tileHost(value: HostValue, repeats: readonly number[], misfit: Misfit): HostValue {
  if (repeats.length !== value.shape.length || repeats.some((one) => one < 0)) {
    throw misfit(`repeats [${repeats.join(', ')}]`, `one for each of ${value.shape.length} axes`);
  }
  const shape = value.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  const strides = stridesOf(value.shape);
  const at = (flat: number): number => {
    let [rest, index] = [flat, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const place = rest % (shape[axis] ?? 1);
      rest = (rest - place) / (shape[axis] ?? 1);
      index += (place % (value.shape[axis] ?? 1)) * (strides[axis] ?? 0);
    }
    return index;
  };
  return taken(value, shape, { at, misfit });
}

const REDUCTIONS: Partial<
  Readonly<Record<ReduceOperator['mode'], (values: readonly number[]) => number>>
> = {
  sum: (values) => values.reduce((sum, x) => sum + x, 0),
  prod: (values) => values.reduce((product, x) => product * x, 1),
  max: (values) => values.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Infinity),
  any: (values) => Number(values.some((x) => x !== 0)),
  all: (values) => Number(values.every((x) => x !== 0)),
};

/** Null where the reduction is none that is computed with sizes. */
export function reduceHost(
  value: HostValue,
  { mode, axes, keepDims }: Omit<ReduceOperator, 'kind'>,
  misfit: Misfit,
): HostValue | null {
  const apply = REDUCTIONS[mode];
  if (apply === undefined) return null;
  const kept = reducedShape(axes, true, value.shape, misfit);
  const shape = reducedShape(axes, keepDims, value.shape, misfit);
  const place = broadcastIndex(kept, value.shape);
  const groups = Array.from({ length: hostCount(kept, misfit) }, (): HostElement[] => []);
  value.elements.forEach((x, i) => groups[place(i)]?.push(x));
  const elements = groups.map((group) =>
    group.includes(null) ? null : apply(group.filter((x) => x !== null)),
  );
  return { shape, type: value.type, elements };
}

/** Source: NumPy arange. @throws what `misfit` makes for a step of zero, or too many elements. */
export function rangeHost(
  { start, limit, step }: { readonly start: number; readonly limit: number; readonly step: number },
  type: HostValue['type'],
  misfit: Misfit,
): HostValue {
  if (step === 0 || Number.isNaN(step)) throw misfit('a range in steps of 0', 'another step');
  const count = Math.max(0, Math.ceil((limit - start) / step));
  hostCount([count], misfit);
  return {
    shape: [count],
    type,
    elements: Array.from({ length: count }, (_, i) => start + i * step),
  };
}

function taken(
  value: HostValue,
  shape: readonly number[],
  { at, misfit }: { readonly at: (flat: number) => number; readonly misfit: Misfit },
): HostValue {
  const count = hostCount(shape, misfit);
  const elements = Array.from({ length: count }, (_, i) => value.elements[at(i)] ?? null);
  return { shape, type: value.type, elements };
}
