import type { ScoringPort } from '../criteria/scoringPort';
import { UsageError } from '../errors';
import type { ComparedEvaluations } from '../evaluation/comparison';
import type { EvaluatedModel, EvaluationPort } from '../evaluation/evaluateRequest';
import { MAX_UNASKED_GZIP_BYTES } from '../limits';
import { type Model, modelByteLength } from '../model/model';
import { verifyChecksums } from '../model/verifyChecksums';
import type { ModelSink } from '../model/modelSink';
import { writeModel } from '../model/writeModel';
import {
  type CancelSignal,
  type JobControl,
  type ProgressPhase,
  throwIfCancelled,
} from '../progress';
import type { Plan, PlanEntry, TensorCut } from '../report/plan';
import { packedSizes } from '../report/packedSize';
import type { Report, ReportLayer, Sizes } from '../report/report';
import { writtenCuts } from '../selection/masks/writtenCuts';
import { planPrune } from '../selection/planPrune';
import { type PlanScoring, planScoring } from '../selection/planScoring';
import { unmatchedGlobs } from '../selection/prunableTensors';
import { assertBounds, assertBoundsMeasurable, brokenBound } from './bounds';
import type { Architecture, Recipe } from './recipe';

/** A model with its open files. */
export interface OpenedModel {
  readonly model: Model;
  close(): Promise<void>;
}

/** An output that is written beside its final place and moved there when all is well. */
export interface ModelOutput extends ModelSink {
  /** Where the main file is until then; it can be opened there. */
  readonly temporaryPath: string;
  /** Flushes everything to the disk and closes it. @throws IoError. */
  finish(): Promise<void>;
  /** Moves the result into place and returns the main file's path. @throws IoError. */
  commit(): Promise<string>;
  /** Removes everything written. Safe after any failure. */
  discard(): Promise<void>;
}

/** The size of a model's files. */
export interface MeasuredBytes {
  readonly raw: number;
  readonly gzip: number;
}

/** What the pipeline needs of its process: files and compute. */
export interface PipelinePorts {
  openModel(path: string, architecture: Architecture | null): Promise<OpenedModel>;
  /** Opens a temporary output; its files must really be closed, or some systems cannot move them. */
  openWritten(path: string, architecture: Architecture | null): Promise<OpenedModel>;
  createOutput(request: PruneRequest): Promise<ModelOutput>;
  /** Bytes of what `write` writes, and what gzip makes of it; each file by itself. */
  measureBytes(
    write: (sink: ModelSink) => Promise<void>,
    signal: CancelSignal,
  ): Promise<MeasuredBytes>;
  readonly evaluation: EvaluationPort;
  readonly scoring: ScoringPort;
}

export interface PlanRequest {
  /** Absolute path of the model. */
  readonly path: string;
  /** With an absolute data file. */
  readonly recipe: Recipe;
  /** Measure gzip sizes however large the model is. */
  readonly measureGzip?: boolean;
  /** Called with a plan when all else is well, and before the output moves into place. */
  readonly saveMasks?: SaveMasks;
}

/** Keeps what a plan takes. @throws IoError, with which the whole run fails. */
export type SaveMasks = (
  model: Model,
  entries: readonly PlanEntry[],
  control: JobControl,
) => Promise<void>;

export interface PruneRequest extends PlanRequest {
  /** Absolute path of the file (or, for a model of several files, the folder or index file) to write. */
  readonly output: string;
  /** Whether an existing output may be replaced. */
  readonly replace: boolean;
}

/**
 * Opens, verifies and plans: the first half of the pipeline. Nothing is written.
 * @throws FormatError, UnsupportedError, UsageError, IoError, CancelledError.
 */
export async function planRecipe(
  request: PlanRequest,
  ports: PipelinePorts,
  control: JobControl,
): Promise<{ readonly plan: Plan; readonly report: Report }> {
  return withModel(request, ports, async (model) => {
    await verifyChecksums(model, control);
    assertGlobsMatch(model, request.recipe);
    const plan = await planPrune(model, request.recipe, control, scoringOf(request, ports));
    const run = new RecipeRun(request, ports, control);
    const after = await run.measure(model, writtenCuts(model, plan.entries));
    const sizes = await run.sizes(model, after, plan.entries);
    const compared = await run.comparePlanned(plan.entries);
    await request.saveMasks?.(model, plan.entries, control);
    const report = withComparison(reportOf(plan, sizes), compared);
    return { plan, report: withBrokenBound(report, request) };
  });
}

/**
 * The whole pipeline: open, score, select, plan, write beside the output, open that again, evaluate
 * before and after when the recipe has data, check its bounds, and only then move it into place.
 * @throws BoundError when a bound does not hold; otherwise as {@link planRecipe}. Nothing is left
 *   behind, and the original is never touched.
 */
export async function pruneRecipe(
  request: PruneRequest,
  ports: PipelinePorts,
  control: JobControl,
): Promise<Report> {
  return withModel(request, ports, async (model) => {
    await verifyChecksums(model, control);
    assertGlobsMatch(model, request.recipe);
    const run = new RecipeRun(request, ports, control);
    const plan = await planPrune(model, request.recipe, control, scoringOf(request, ports));
    const output = await ports.createOutput(request);
    try {
      return await run.write(model, plan, output);
    } catch (error) {
      await output.discard();
      throw error;
    }
  });
}

function scoringOf({ path, recipe }: PlanRequest, ports: PipelinePorts): PlanScoring {
  return planScoring(ports.scoring, path, recipe, (masks) => ports.openModel(masks, null));
}

/** A plan breaks no bound, because nothing is written; that it would is said. */
function withBrokenBound(report: Report, { recipe }: PlanRequest): Report {
  const { evaluation, warnings } = report;
  if (evaluation === undefined) return report;
  const broken = brokenBound(recipe.bounds, evaluation.before, evaluation.after);
  return broken === null ? report : { ...report, warnings: [...warnings, broken] };
}

/** A glob that matches nothing is a slip that could cost the very layer it was to protect. */
function assertGlobsMatch(model: Model, recipe: Recipe): void {
  const [glob] = unmatchedGlobs(model, recipe);
  if (glob === undefined) return;
  const names = model.layers.map(({ name }) => name);
  throw new UsageError(
    `the glob ${JSON.stringify(glob)} matches no layer; the model's are ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`,
  );
}

async function withModel<T>(
  request: PlanRequest,
  ports: PipelinePorts,
  use: (model: Model) => Promise<T>,
): Promise<T> {
  const opened = await ports.openModel(request.path, request.recipe.architecture ?? null);
  try {
    return await use(opened.model);
  } finally {
    await opened.close();
  }
}

/** gzip is null where it was not measured. */
interface MeasuredSizes {
  readonly raw: number;
  readonly gzip: number | null;
}

class RecipeRun {
  constructor(
    private readonly request: PlanRequest,
    private readonly ports: PipelinePorts,
    private readonly control: JobControl,
  ) {}

  async write(model: Model, plan: Plan, output: ModelOutput): Promise<Report> {
    await this.probeOriginal();
    await writeModel(model, writtenCuts(model, plan.entries), output, this.control);
    await output.finish();
    const written = await this.measureWritten(output.temporaryPath);
    const sizes = await this.sizes(model, written, plan.entries);
    const compared = await this.compareWith({ path: output.temporaryPath, cuts: [] });
    const { before = null, after = null } = compared ?? {};
    if (before !== null && after !== null) assertBounds(this.request.recipe.bounds, before, after);
    await this.request.saveMasks?.(model, plan.entries, this.control);
    // The last moment at which a cancel can keep its word that nothing was written.
    throwIfCancelled(this.control.signal);
    const report = withComparison(reportOf(plan, sizes), compared);
    return { ...report, output: await output.commit() };
  }

  /** Opening the written file again through the reader catches a writer's error before it is kept. */
  private async measureWritten(path: string): Promise<MeasuredSizes> {
    const written = await this.ports.openWritten(path, this.request.recipe.architecture ?? null);
    try {
      await verifyChecksums(written.model, this.control);
      return await this.measure(written.model, new Map());
    } finally {
      await written.close();
    }
  }

  async sizes(model: Model, after: MeasuredSizes, entries: readonly PlanEntry[]): Promise<Sizes> {
    const before = await this.measure(model, new Map());
    const packed = await packedSizes(model, entries, this.control);
    return {
      rawBefore: before.raw,
      rawAfter: after.raw,
      gzipBefore: before.gzip,
      gzipAfter: after.gzip,
      // A file that packing would make larger stays as it is; compressed ones often are smaller so.
      packedBefore: Math.min(packed.packedBefore, before.raw),
      packedAfter: Math.min(packed.packedAfter, after.raw),
    };
  }

  /** Where gzip is not measured, what a cut makes of packed data is not known: its size is taken as it is. */
  async measure(model: Model, cuts: ReadonlyMap<string, TensorCut>): Promise<MeasuredSizes> {
    const asked = this.request.measureGzip === true;
    const raw = modelByteLength(model);
    if (!asked && raw > MAX_UNASKED_GZIP_BYTES) return { raw, gzip: null };
    const control = this.renamed('measure');
    const write = (sink: ModelSink): Promise<void> => writeModel(model, cuts, sink, control);
    return this.ports.measureBytes(write, control.signal);
  }

  /** A batch of the data before anything is written, so that what does not fit the model costs little. */
  async probeOriginal(): Promise<void> {
    const { data, architecture, seed, bounds } = this.request.recipe;
    if (data === undefined) {
      assertBoundsMeasurable(bounds, null);
      return;
    }
    const { path } = this.request;
    const request = { path, architecture: architecture ?? null, cuts: [], data, seed, probe: true };
    const control = this.renamed('evaluate-before');
    assertBoundsMeasurable(bounds, await this.ports.evaluation.evaluate(request, control));
  }

  /** What the planned cuts do, on the recipe's data; null where it has none. */
  async comparePlanned(cuts: readonly PlanEntry[]): Promise<ComparedEvaluations | null> {
    const compared = await this.compareWith({ path: this.request.path, cuts });
    assertBoundsMeasurable(this.request.recipe.bounds, compared?.before ?? null);
    return compared;
  }

  /** The original against another on the recipe's data; null where it has none. */
  private async compareWith(
    other: Pick<EvaluatedModel, 'path' | 'cuts'>,
  ): Promise<ComparedEvaluations | null> {
    const { data, architecture = null, seed } = this.request.recipe;
    if (data === undefined) return null;
    return this.ports.evaluation.compare(
      {
        before: { path: this.request.path, architecture, cuts: [] },
        after: { ...other, architecture },
        data,
        seed,
        latency: true,
      },
      this.renamed('evaluate-after'),
    );
  }

  /** The same control with every report under one phase. */
  private renamed(phase: ProgressPhase): JobControl {
    const { signal, report } = this.control;
    return { signal, report: (progress) => report({ ...progress, phase }) };
  }
}

/** The report with what was found on data; without labels that is only how close the outputs are. */
function withComparison(report: Report, compared: ComparedEvaluations | null): Report {
  if (compared === null) return report;
  const { before, after, comparison } = compared;
  if (before === null || after === null) return { ...report, comparison };
  return { ...report, evaluation: { before, after }, comparison };
}

function reportOf(plan: Plan, sizes: Sizes): Report {
  return {
    layers: plan.entries.map(reportLayer),
    totals: plan.totals,
    sizes,
    warnings: plan.warnings,
    ...(plan.scored === undefined ? {} : { scored: plan.scored }),
  };
}

function reportLayer(entry: PlanEntry): ReportLayer {
  const { layer, tensor, criterion, elementCount, zerosBefore, zerosAfter, cut } = entry;
  const removedUnits = cut.zeroedUnits.length;
  return {
    layer,
    tensor,
    criterion,
    threshold: entry.threshold === undefined ? cut.threshold : entry.threshold,
    elementCount,
    zerosBefore,
    zerosAfter,
    removedUnits,
  };
}
