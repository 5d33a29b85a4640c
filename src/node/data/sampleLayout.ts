import { UsageError } from '../../core/errors';
import type { DataFormat, Graph } from '../../core/graph/graph';
import type { DataRecipe } from '../../core/recipe/recipe';

/** How one sample of an array becomes one sample of an input. */
export interface SampleLayout {
  /** As the network gets it. */
  readonly sampleShape: readonly number[];
  /** Of the data's axes, where they change places; null where they stay. */
  readonly permutation: readonly number[] | null;
  /** Of the image, or the last axis of samples that are none: element i is of channel floor(i / inner) mod count. */
  readonly channels: { readonly count: number; readonly inner: number };
}

export interface LayoutRequest {
  /** Of the array or the columns, for messages. */
  readonly place: string;
  readonly dataShape: readonly number[];
  /** Of one sample of the input, without the batch; -1 where it is open. */
  readonly inputShape: readonly number[];
  readonly inputName: string;
  readonly inputFormat: DataFormat;
  readonly layout: DataRecipe['layout'];
}

/**
 * Fits a sample of the data to the network's input: axes of length 1 come and go, flat samples are folded
 * and images flattened, and with a stated layout the channels move.
 * @throws UsageError with both shapes where they do not fit, or only fit by mixing the axes up.
 */
export function fitSample(request: LayoutRequest): SampleLayout {
  const permutation = permutationOf(request);
  const moved = permutation?.map((axis) => request.dataShape[axis] ?? 1) ?? request.dataShape;
  const sampleShape = matchShape(moved, request);
  return {
    sampleShape,
    permutation,
    channels: channelsOf(sampleShape, moved, request.inputFormat),
  };
}

/** Folding and flattening keep the order, so the channels can be counted on either shape. */
function channelsOf(
  sampleShape: readonly number[],
  moved: readonly number[],
  format: DataFormat,
): SampleLayout['channels'] {
  const image = [sampleShape, moved].find((shape) => shape.length === 3);
  if (image === undefined || format === 'channelsLast') {
    return { count: (image ?? sampleShape).at(-1) ?? 1, inner: 1 };
  }
  const [count = 1, height = 1, width = 1] = image;
  return { count, inner: height * width };
}

function permutationOf({
  dataShape,
  inputFormat,
  layout,
}: LayoutRequest): readonly number[] | null {
  if (layout === undefined || dataShape.length !== 3) return null;
  const dataFormat: DataFormat = layout === 'nchw' ? 'channelsFirst' : 'channelsLast';
  if (dataFormat === inputFormat) return null;
  return layout === 'nchw' ? [1, 2, 0] : [2, 0, 1];
}

function matchShape(found: readonly number[], request: LayoutRequest): readonly number[] {
  const wanted = request.inputShape;
  if (found.length === wanted.length && found.every((size, axis) => fits(size, wanted[axis]))) {
    return found;
  }
  if (wanted.includes(-1)) return fillOpen(found, request);
  const same = product(found) === product(wanted);
  const flat = found.length <= 1 || wanted.length <= 1;
  if (same && (flat || withoutOnes(found) === withoutOnes(wanted))) return wanted;
  throw misfit(request, same && isTurned(found, wanted) ? ': say its layout, nchw or nhwc' : '');
}

/** One open dimension can be counted; with several, only axes of length 1 may be added. */
function fillOpen(found: readonly number[], request: LayoutRequest): readonly number[] {
  const wanted = request.inputShape;
  const known = product(wanted.filter((size) => size !== -1));
  const open = wanted.filter((size) => size === -1).length;
  if (open === 1 && found.length <= 1 && product(found) % known === 0) {
    return wanted.map((size) => (size === -1 ? product(found) / known : size));
  }
  const padded = [...found, 1];
  const fitsPadded =
    padded.length === wanted.length && padded.every((size, axis) => fits(size, wanted[axis]));
  if (fitsPadded) return padded;
  throw misfit(request, '');
}

function fits(size: number, wanted: number | undefined): boolean {
  return wanted === -1 || wanted === size;
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

function withoutOnes(shape: readonly number[]): string {
  return shape.filter((size) => size !== 1).join();
}

function isTurned(found: readonly number[], wanted: readonly number[]): boolean {
  return [...found].sort().join() === [...wanted].sort().join();
}

function misfit(
  { place, dataShape, inputName, inputShape }: LayoutRequest,
  hint: string,
): UsageError {
  const found = dataShape.length === 0 ? '1 value' : `[${dataShape.join(', ')}]`;
  const wanted = inputShape.map((size) => (size === -1 ? 'any' : size)).join(', ');
  return new UsageError(
    `${place}: a sample is ${found}, but the model's input ${inputName} takes [${wanted}]${hint}`,
  );
}

/** Where the network expects the channels of an input: as the first image operator behind it does. */
export function inputFormatOf(graph: Graph, value: string): DataFormat {
  const behind = new Set([value]);
  for (const { operator, inputs, outputs } of graph.nodes) {
    if (!inputs.some((input) => input !== null && behind.has(input))) continue;
    if ('dataFormat' in operator) return operator.dataFormat;
    for (const output of outputs) if (output !== null) behind.add(output);
  }
  return 'channelsLast';
}
