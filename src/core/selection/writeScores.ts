import { NpzWriter } from '../formats/numpy/npzWriter';
import type { NpyDescr } from '../formats/numpy/npyHeader';
import { type Criterion, needsData, ranksOf } from '../criteria/criterion';
import { magnitudeScore } from '../criteria/magnitude';
import type { ScoreFacts } from '../criteria/scoringPort';
import { UnsupportedError } from '../errors';
import { overrideUnits } from '../graph/overrideUnits';
import { widenInPlace } from '../kernels/finiteRangeKernel';
import { decodeValues, makeDecodeScratch, type Values } from '../model/decodeValues';
import { type Model, type TensorEntry, tensorNamed } from '../model/model';
import type { ByteSink } from '../model/modelSink';
import { TensorStreamer } from '../model/streamTensor';
import { type JobControl, throwIfCancelled } from '../progress';
import type { Recipe } from '../recipe/recipe';
import { parseGranularity } from './granularity';
import { headScores } from './headScores';
import { lampTensors } from './lamp/lampTensors';
import type { PlanJob } from './planJob';
import type { PlanScoring } from './planScoring';
import { elementsOf, prunableTensors, type PrunedTensor } from './prunableTensors';
import { openScores, type ScoreSource } from './scoreSource';
import { groupHeads, knownHeads } from './selectHeads';
import type { ScoreTensor } from './scoreTensor';
import { type GroupedUnits, groupUnits, type LockedBecause, type UnitGroup } from './unitGroups';
import { unitScores } from './unitScores';

/** An array of scores that was written, under its tensor's name. */
export interface WrittenScores {
  readonly name: string;
  readonly layer: string;
  /** The tensor's, or one number a unit. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64';
  /** Over the finite scores; null where there are none. */
  readonly min: number | null;
  readonly max: number | null;
}

/** What was written, and how it came about. */
export interface ScoreReport extends Partial<ScoreFacts> {
  readonly criterion: Criterion;
  readonly tensors: readonly WrittenScores[];
  /** Tensors without scores, and what else the user should know. */
  readonly warnings: readonly string[];
}

export interface ScoreJob {
  readonly model: Model;
  readonly recipe: Recipe;
  readonly scoring: PlanScoring;
  readonly control: JobControl;
}

/**
 * Writes the scores of the tensors that a recipe prunes as an npz: by the recipe's criterion, one number a weight in
 * the tensor's shape, or one a unit or head where the criterion or the granularity ranks these; all weights of an
 * attention have the scores of its heads. Scores of weights are streamed, but for LAMP, which sorts a layer, and
 * tensors that are not stored in C order.
 * @throws UnsupportedError where nothing can be scored; UsageError; what scoring throws.
 */
export async function writeScores(job: ScoreJob, sink: ByteSink): Promise<ScoreReport> {
  const model = overrideUnits(job.model, job.recipe);
  const tensors = prunableTensors(model, job.recipe);
  if (tensors.length === 0) throw nothingToScore(model);
  const entries = tensors.map(({ tensor }) => tensor);
  const source = await openScores(model, job.recipe, entries, job);
  try {
    const writing = new ScoreWriting({ ...job, model, source }, new NpzWriter(sink));
    const units = groupedUnits({ ...job, model }, source, tensors);
    const report = units === null ? await writing.weights(tensors) : await writing.units(units);
    return { criterion: job.recipe.criterion, ...report, ...source.facts };
  } finally {
    await source.close();
  }
}

/** Units that have a number each, and how it is found. */
interface RankedUnits extends GroupedUnits {
  readonly elementCount: number;
  readonly scoresOf: (job: PlanJob, group: UnitGroup) => Promise<ArrayLike<number>>;
}

/** Null where every weight has a number. @throws UnsupportedError for heads where there are none. */
function groupedUnits(
  { model, recipe }: ScoreJob,
  source: ScoreSource,
  tensors: readonly PrunedTensor[],
): RankedUnits | null {
  const parts = parseGranularity(recipe.granularity);
  const elementCount = elementsOf(tensors);
  if (parts?.kind === 'head') {
    const { groups, locked } = groupHeads(model, knownHeads(model), tensors);
    const attentive = new Set(
      [...locked, ...groups.flatMap(({ members }) => members)].map(({ pruned }) => pruned),
    );
    const others = tensors
      .filter((pruned) => !attentive.has(pruned))
      .map((pruned) => ({ pruned, reason: 'it is part of no attention' }));
    return { groups, locked: [...locked, ...others], elementCount, scoresOf: headScores };
  }
  const ranksUnits = ranksOf(recipe.criterion, recipe.options) === 'units';
  const side = parts?.kind === 'unit' ? parts.side : ranksUnits ? 'output' : null;
  if (side === null) return null;
  const lockedBecause: LockedBecause = (_, { tensor }) => source.unscoredBecause?.(tensor) ?? null;
  const units = groupUnits(model, tensors, { side, lockedBecause });
  return { ...units, elementCount, scoresOf: unitScores };
}

type Written = Pick<ScoreReport, 'tensors' | 'warnings'>;

class ScoreWriting {
  private done = 0;
  private total = 1;

  constructor(
    private readonly job: ScoreJob & { readonly source: ScoreSource },
    private readonly writer: NpzWriter,
  ) {}

  async weights(tensors: readonly PrunedTensor[]): Promise<Written> {
    this.total = elementsOf(tensors);
    const written: WrittenScores[] = [];
    for (const { layer, tensor } of tensors) {
      const { shape, name } = tensor;
      const scored = this.scoresOf(tensor);
      written.push(await this.add({ layer: layer.name, name, shape, ...scored }));
    }
    await this.writer.finish();
    return { tensors: written, warnings: [] };
  }

  async units({ groups, locked, elementCount, scoresOf }: RankedUnits): Promise<Written> {
    const { model, recipe, source } = this.job;
    this.total = 2 * elementCount;
    const job: PlanJob = { model, recipe, source, onChunk: (count) => this.onChunk(count) };
    const written: WrittenScores[] = [];
    for (const group of groups) {
      const scores = Float64Array.from(await scoresOf(job, group));
      for (const { layer, tensor } of new Set(group.members.map(({ pruned }) => pruned))) {
        const one = { layer: layer.name, name: tensor.name, shape: [scores.length] };
        written.push(await this.add({ ...one, dtype: 'float64', chunks: [scores] }));
      }
    }
    await this.writer.finish();
    const warnings = locked.map(
      ({ pruned, reason }) => `${pruned.layer.name}: no scores, ${reason}`,
    );
    return { tensors: written, warnings };
  }

  /** As they were found on data, or as the weights alone give them. */
  private scoresOf(tensor: TensorEntry): Pick<ScoredTensor, 'dtype' | 'chunks'> {
    const { model, recipe, source } = this.job;
    if (needsData(recipe.criterion)) return foundScores(source, tensor);
    const [scored] =
      recipe.criterion === 'lamp' ? lampTensors(model, [tensor]) : source.scoresOf([tensor]);
    if (scored === undefined) throw new Error(`${tensor.name} has no scores`);
    return {
      dtype: scored.inFloat64 ? 'float64' : 'float32',
      chunks: scored.flatIndexOf === null ? magnitudes(scored) : reordered(scored),
    };
  }

  private async add({ name, layer, shape, dtype, chunks }: ScoredTensor): Promise<WrittenScores> {
    const range = { min: Infinity, max: -Infinity };
    const onChunk = (values: Values): void => {
      widenInPlace(range, values);
      this.onChunk(values.length);
    };
    const descr: NpyDescr = dtype === 'float64' ? '<f8' : '<f4';
    await this.writer.add({ name, shape, descr, chunks: asBytes(chunks, onChunk) });
    const known = range.min <= range.max;
    return { name, layer, shape, dtype, ...(known ? range : { min: null, max: null }) };
  }

  private onChunk(elementCount: number): void {
    const { signal, report } = this.job.control;
    throwIfCancelled(signal);
    this.done = Math.min(this.total, this.done + elementCount);
    report({ phase: 'score', done: this.done, total: this.total });
  }
}

interface ScoredTensor {
  readonly name: string;
  readonly layer: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64';
  /** In C order. */
  readonly chunks: AsyncIterable<Values> | Iterable<Values>;
}

function foundScores(
  { arrays }: ScoreSource,
  { name }: TensorEntry,
): Pick<ScoredTensor, 'dtype' | 'chunks'> {
  if (arrays === undefined) throw new Error('scores on data came without their arrays');
  const entry = tensorNamed(arrays, name);
  return {
    dtype: entry.dtype === 'float64' ? 'float64' : 'float32',
    chunks: decoded(arrays, entry),
  };
}

async function* decoded(arrays: Model, entry: TensorEntry): AsyncGenerator<Values> {
  const scratch = makeDecodeScratch();
  for await (const { bytes, elementCount } of new TensorStreamer(arrays).chunks(entry)) {
    yield decodeValues(entry, bytes, scratch, elementCount);
  }
}

async function* magnitudes(scored: ScoreTensor): AsyncGenerator<Values> {
  for await (const { scores } of scored.chunks()) yield magnitudeScore(scores);
}

/** In C order at once: the places are not met in that order. */
async function* reordered(scored: ScoreTensor): AsyncGenerator<Values> {
  const { tensor, inFloat64, flatIndexOf } = scored;
  const all = inFloat64
    ? new Float64Array(tensor.elementCount)
    : new Float32Array(tensor.elementCount);
  for await (const { firstElement, scores } of scored.chunks()) {
    scores.forEach((score, i) => {
      all[flatIndexOf?.(firstElement + i) ?? firstElement + i] = Math.abs(score);
    });
  }
  yield all;
}

async function* asBytes(
  chunks: ScoredTensor['chunks'],
  onChunk: (values: Values) => void,
): AsyncGenerator<Uint8Array> {
  for await (const values of chunks) {
    onChunk(values);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

function nothingToScore(model: Model): UnsupportedError {
  return new UnsupportedError({
    feature: 'scoring',
    found: `${model.layers.length} layers, none of which can be pruned or is chosen`,
    supported: 'weights of rank 2 and above',
  });
}
