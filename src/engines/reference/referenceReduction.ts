import type {
  ArgReduceOperator,
  CumulateOperator,
  ReduceOperator,
  TopKOperator,
} from '../../core/graph/operators/reduction';
import { at, axisFrom, build, placesOf, range, type ReferenceArray, sum } from './referenceArray';

export function referenceReduce(operator: ReduceOperator, x: ReferenceArray): ReferenceArray {
  const rank = x.shape.length;
  const axes = new Set(operator.axes?.map((axis) => axisFrom(axis, rank)) ?? range(rank));
  const inside = x.shape.map((size, axis) => (axes.has(axis) ? size : 1));
  const outside = x.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
  const type = operator.mode === 'any' || operator.mode === 'all' ? 'bool' : x.type;
  const kept = build(outside, type, (place) => {
    const values = [...placesOf(inside)].map((within) =>
      at(
        x,
        place.map((index, axis) => index + (within[axis] ?? 0)),
      ),
    );
    return REDUCE[operator.mode](values);
  });
  if (operator.keepDims) return kept;
  return { ...kept, shape: x.shape.filter((_, axis) => !axes.has(axis)) };
}

const sumOfSquares = (values: readonly number[]): number => sum(values.map((x) => x * x));

/** Definitions: ONNX operators Reduce…; the variance is the one of the population. */
const REDUCE: Record<ReduceOperator['mode'], (values: readonly number[]) => number> = {
  sum,
  mean: (values) => sum(values) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  prod: (values) => values.reduce((product, value) => product * value, 1),
  l1: (values) => sum(values.map(Math.abs)),
  l2: (values) => Math.sqrt(sumOfSquares(values)),
  sumSquare: sumOfSquares,
  logSum: (values) => Math.log(sum(values)),
  logSumExp: (values) => Math.log(sum(values.map(Math.exp))),
  variance: (values) => {
    const mean = sum(values) / values.length;
    return sum(values.map((value) => (value - mean) ** 2)) / values.length;
  },
  any: (values) => Number(values.some((value) => value !== 0)),
  all: (values) => Number(values.every((value) => value !== 0)),
};

/** The elements along an axis at a place of the others. */
function laneAt(x: ReferenceArray, place: readonly number[], axis: number): readonly number[] {
  return range(x.shape[axis] ?? 0).map((i) => at(x, place.with(axis, i)));
}

export function referenceArgReduce(operator: ArgReduceOperator, x: ReferenceArray): ReferenceArray {
  const axis = axisFrom(operator.axis, x.shape.length);
  const made = build(x.shape.with(axis, 1), 'int32', (place) => {
    const lane = laneAt(x, place, axis);
    const wanted = operator.mode === 'max' ? Math.max(...lane) : Math.min(...lane);
    return operator.last ? lane.lastIndexOf(wanted) : lane.indexOf(wanted);
  });
  return operator.keepDims ? made : { ...made, shape: x.shape.toSpliced(axis, 1) };
}

export function referenceCumulate(operator: CumulateOperator, x: ReferenceArray): ReferenceArray {
  const axis = axisFrom(operator.axis, x.shape.length);
  return build(x.shape, x.type, (place) => {
    const index = place[axis] ?? 0;
    const counted = laneAt(x, place, axis).filter((_, i) => {
      if (i === index) return !operator.exclusive;
      return operator.reverse ? i > index : i < index;
    });
    return REDUCE[operator.mode](counted);
  });
}

export function referenceTopK(
  operator: TopKOperator,
  x: ReferenceArray,
): readonly ReferenceArray[] {
  const axis = axisFrom(operator.axis, x.shape.length);
  const sign = operator.largest ? -1 : 1;
  const rankAt = (place: readonly number[]): number => {
    const lane = laneAt(x, place, axis);
    const order = range(lane.length).toSorted(
      (a, b) => sign * ((lane[a] ?? 0) - (lane[b] ?? 0)) || a - b,
    );
    return order[place[axis] ?? 0] ?? 0;
  };
  const shape = x.shape.with(axis, operator.k);
  return [
    build(shape, x.type, (place) => at(x, place.with(axis, rankAt(place)))),
    build(shape, 'int32', rankAt),
  ];
}
