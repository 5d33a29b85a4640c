import type { Batch, Dataset, Targets } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import type { DenseArray } from '../../core/graph/executor';
import type { Graph, GraphInput } from '../../core/graph/graph';
import type { DataRecipe } from '../../core/recipe/recipe';
import { makePreprocess, type Preprocess } from './preprocess';
import type { RowRange } from './rowRange';
import { elementsPerRow, type RowSource } from './rowSource';
import { fitSample, inputFormatOf } from './sampleLayout';

/** Where the samples and what is expected of them come from. */
export interface DatasetParts {
  /** The file's name, for messages. */
  readonly name: string;
  readonly inputs: readonly RowSource[];
  /** Null where the data has no labels. */
  readonly targets: Targets | null;
  /** Array targets by rows; null where they are an input itself, or a column. */
  readonly targetRows: RowSource | null;
  readonly range: RowRange;
  readonly close: () => Promise<void>;
}

/** An input with how its rows become the network's. */
interface PreparedInput {
  readonly rows: RowSource;
  readonly sampleShape: readonly number[];
  readonly preprocess: Preprocess;
}

/**
 * Fits rows to a graph's inputs. Targets that are an input's own array are that input as the network gets it.
 * @throws UsageError naming array and input where their numbers or shapes do not fit.
 */
export function buildDataset(parts: DatasetParts, recipe: DataRecipe, graph: Graph): Dataset {
  const { name, targets, range } = parts;
  if (parts.inputs.length !== graph.inputs.length) {
    const names = parts.inputs.map((input) => input.name).join(', ');
    throw new UsageError(
      `${name}: ${parts.inputs.length} input arrays (${names}); the model takes ${graph.inputs.length}: ${graph.inputs.map((input) => input.name).join(', ')}`,
    );
  }
  const prepared = graph.inputs.map((input, i) =>
    prepareInput(parts.inputs[i] ?? missing(), input, { name, recipe, graph }),
  );
  return {
    name,
    sampleCount: range.to - range.from,
    sampleShapes: prepared.map(({ sampleShape }) => sampleShape),
    targets: targets === null ? [] : [targets],
    readBatch: (from, to) => readBatch(parts, prepared, range.from + from, range.from + to),
    close: parts.close,
  };
}

function missing(): never {
  throw new Error('an input has no array');
}

function prepareInput(
  rows: RowSource,
  input: GraphInput,
  context: { readonly name: string; readonly recipe: DataRecipe; readonly graph: Graph },
): PreparedInput {
  const layout = fitSample({
    place: `${context.name}: ${rows.name}`,
    dataShape: rows.sampleShape,
    inputShape: input.shape.slice(1),
    inputName: input.name,
    inputFormat: inputFormatOf(context.graph, input.value),
    layout: context.recipe.layout,
  });
  const preprocess = makePreprocess(context.recipe, layout, rows.sampleShape);
  return { rows, sampleShape: layout.sampleShape, preprocess };
}

async function readBatch(
  parts: DatasetParts,
  inputs: readonly PreparedInput[],
  from: number,
  to: number,
): Promise<Batch> {
  const batch: DenseArray[] = [];
  for (const { rows, sampleShape, preprocess } of inputs) {
    const values = preprocess(await rows.readRows(from, to));
    batch.push({ shape: [to - from, ...sampleShape], values });
  }
  return { inputs: batch, targets: [await readTargets(parts, batch, from, to)] };
}

async function readTargets(
  { targets, targetRows, inputs }: DatasetParts,
  batch: readonly DenseArray[],
  from: number,
  to: number,
): Promise<Batch['targets'][number]> {
  if (targets === null || targets.kind === 'column') return new Float64Array(0);
  if (targetRows !== null) return Float64Array.from(await targetRows.readRows(from, to));
  const own = batch[inputs.findIndex(({ name }) => name === targets.name)];
  return own?.values ?? new Float64Array(0);
}

/** Array targets that are the named input itself, as for an autoencoder. */
export function targetsOfInput(input: RowSource): Targets {
  return { kind: 'array', name: input.name, elementsPerSample: elementsPerRow(input) };
}

/** @throws UsageError when arrays that belong together have different numbers of rows. */
export function assertSameRows(name: string, sources: readonly RowSource[]): number {
  const [first, ...rest] = sources;
  if (first === undefined) throw new UsageError(`${name}: no input array`);
  for (const { name: other, rowCount } of rest) {
    if (rowCount !== first.rowCount) {
      throw new UsageError(
        `${name}: ${first.name} has ${first.rowCount} rows, but ${other} has ${rowCount}`,
      );
    }
  }
  return first.rowCount;
}
