import type { UnitReduction } from '../criteria/criterion';
import { UnsupportedError } from '../errors';
import { addBlockScoresInPlace } from '../kernels/blockKernels';
import { GONE_KEY, orderedKey } from '../kernels/orderedKeys';
import { makeUnitAccumulators, type UnitAccumulators } from '../kernels/unitReductionKernel';
import { MAX_BLOCKS } from '../limits';
import type { Values } from '../model/decodeValues';
import type { TensorEntry } from '../model/model';
import { blockPlaces, type BlockShape } from './blockShape';
import { GONE_UNIT, goneFlags, leastKept } from './goneScores';
import type { PlanJob } from './planJob';
import type { ScoreTensor } from './scoreTensor';
import { asNumbers } from './unitScores';

/**
 * The score of each block by the recipe's reduction over its weights: `sum` (L1 norm, by magnitude) when nothing
 * is said. A smaller block at the edge counts as if it were whole: by what its weights have on average. One
 * pass; 24 bytes a block, twice that where some weights are gone already.
 * @throws UnsupportedError where there are more than MAX_BLOCKS.
 */
export async function blockScores(
  { recipe, source, onChunk }: PlanJob,
  tensor: TensorEntry,
  shape: BlockShape,
): Promise<Float64Array> {
  if (shape.count > MAX_BLOCKS) throw tooMany(tensor, shape);
  const [scored] = source.scoresOf([tensor]);
  if (scored === undefined) throw new Error(`${tensor.name} has no scores`);
  const reduction = recipe.options?.reduction ?? 'sum';
  const accumulators = makeUnitAccumulators(shape.count);
  const gone = source.isGone === undefined ? null : makeUnitAccumulators(shape.count);
  // Scores may come in C order, whatever the tensor's own.
  const places = blockPlaces(shape, scored.flatIndexOf === null ? null : tensor.storageOrder);
  for await (const { firstElement, scores } of scored.chunks()) {
    const numbers = asNumbers(scores, source, reduction);
    addBlockScoresInPlace(accumulators, numbers, firstElement, places);
    if (gone !== null && source.isGone !== undefined) {
      addBlockScoresInPlace(gone, goneFlags(scores, source.isGone), firstElement, places);
    }
    onChunk(scores.length);
  }
  const reduced = accumulators.sums.map((_, block) =>
    gone?.sums[block] === shape.sizeOf(block)
      ? GONE_UNIT
      : reducedScore(accumulators, { block, shape, reduction }),
  );
  return asRanked(reduced, source);
}

/** Selection is by magnitude: numbers with signs go as keys in the same order, and what is gone goes as 0. */
function asRanked(scores: Float64Array, { signed, isGone }: PlanJob['source']): Float64Array {
  if (signed !== null) {
    return scores.map((score) => (score === GONE_UNIT ? GONE_KEY : orderedKey(score)));
  }
  if (isGone === undefined) return scores;
  return scores.map((score) => (score === GONE_UNIT ? 0 : Math.max(score, leastKept(true))));
}

interface ReducedBlock {
  readonly block: number;
  readonly shape: BlockShape;
  readonly reduction: UnitReduction;
}

function reducedScore(
  { sums, sumsOfSquares, maxima }: UnitAccumulators,
  { block, shape, reduction }: ReducedBlock,
): number {
  const size = shape.sizeOf(block);
  const whole = shape.rows * shape.columns;
  const sum = sums[block] ?? NaN;
  if (!Number.isFinite(sum)) return NaN;
  switch (reduction) {
    case 'sum':
      return (sum / size) * whole;
    case 'mean':
      return sum / size;
    case 'max':
      return maxima[block] ?? NaN;
    case 'l2':
      return Math.sqrt(((sumsOfSquares[block] ?? NaN) / size) * whole);
    case 'signed-sum':
      return Math.abs((sum / size) * whole);
  }
}

function tooMany({ name }: TensorEntry, { rows, columns, count }: BlockShape): UnsupportedError {
  return new UnsupportedError({
    feature: `granularity block:${rows}x${columns}`,
    found: `${count} blocks in ${name}`,
    supported: `at most ${MAX_BLOCKS} a tensor: larger blocks, or granularity weight`,
  });
}

/** Scores in memory, as a selection streams them: one element a block. */
export function scoresInMemory(tensor: TensorEntry, scores: Float64Array): ScoreTensor {
  const values = Float64Array.from(scores);
  const read = (firstElement: number, count: number): Promise<Values> =>
    Promise.resolve(values.slice(firstElement, firstElement + count));
  return {
    tensor: { ...tensor, shape: [values.length], elementCount: values.length, storageOrder: null },
    inFloat64: true,
    flatIndexOf: null,
    read,
    async *chunks() {
      yield { firstElement: 0, scores: await read(0, values.length) };
    },
  };
}
