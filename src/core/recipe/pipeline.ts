import { BoundError } from '../errors';
import type { Evaluate } from '../evaluation/evaluateRequest';
import type { Evaluation } from '../evaluation/evaluation';
import { MAX_UNASKED_GZIP_BYTES } from '../limits';
import { cutsByTensor } from '../model/applyCut';
import { type Model, modelByteLength } from '../model/model';
import { verifyChecksums } from '../model/verifyChecksums';
import { type ModelSink, writeModel } from '../model/writeModel';
import { type JobControl, type ProgressPhase, throwIfCancelled } from '../progress';
import type { Plan, PlanEntry, TensorCut } from '../report/plan';
import type { Report, ReportLayer, Sizes } from '../report/report';
import { planPrune } from '../selection/planPrune';
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

/** What the pipeline needs of its process: files and compute. */
export interface PipelinePorts {
  openModel(path: string, architecture: Architecture | null): Promise<OpenedModel>;
  /** Opens a temporary output; its files must really be closed, or some systems cannot move them. */
  openWritten(path: string, architecture: Architecture | null): Promise<OpenedModel>;
  createOutput(request: PruneRequest): Promise<ModelOutput>;
  /** Bytes that gzip makes of what `write` writes; each file by itself. */
  gzipBytes(write: (sink: ModelSink) => Promise<void>): Promise<number>;
  readonly evaluate: Evaluate;
}

export interface PlanRequest {
  /** Absolute path of the model. */
  readonly path: string;
  /** With an absolute data file. */
  readonly recipe: Recipe;
  /** Measure gzip sizes however large the model is. */
  readonly measureGzip?: boolean;
}

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
    const plan = await planPrune(model, request.recipe, control);
    const run = new RecipeRun(request, ports, control);
    const gzipAfter = await run.gzipBytes(model, cutsByTensor(plan.entries));
    const sizes = await run.sizes(model, modelByteLength(model), gzipAfter);
    const evaluation = await run.evaluatePlanned(plan.entries);
    return { plan, report: { ...reportOf(plan, sizes), ...evaluation } };
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
    const plan = await planPrune(model, request.recipe, control);
    const output = await ports.createOutput(request);
    try {
      return await new RecipeRun(request, ports, control).write(model, plan, output);
    } catch (error) {
      await output.discard();
      throw error;
    }
  });
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

class RecipeRun {
  constructor(
    private readonly request: PlanRequest,
    private readonly ports: PipelinePorts,
    private readonly control: JobControl,
  ) {}

  async write(model: Model, plan: Plan, output: ModelOutput): Promise<Report> {
    await writeModel(model, cutsByTensor(plan.entries), output, this.control);
    await output.finish();
    const written = await this.measureWritten(output.temporaryPath);
    const sizes = await this.sizes(model, written.rawBytes, written.gzipBytes);
    const evaluation = await this.evaluateWritten(output.temporaryPath);
    this.assertBounds(evaluation.evaluation);
    // The last moment at which a cancel can keep its word that nothing was written.
    throwIfCancelled(this.control.signal);
    return { ...reportOf(plan, sizes), ...evaluation, output: await output.commit() };
  }

  /** Opening the written file again through the reader catches a writer's error before it is kept. */
  private async measureWritten(
    path: string,
  ): Promise<{ readonly rawBytes: number; readonly gzipBytes: number | null }> {
    const written = await this.ports.openWritten(path, this.request.recipe.architecture ?? null);
    try {
      await verifyChecksums(written.model, this.control);
      const gzipBytes = await this.gzipBytes(written.model, new Map());
      return { rawBytes: modelByteLength(written.model), gzipBytes };
    } finally {
      await written.close();
    }
  }

  async sizes(model: Model, rawAfter: number, gzipAfter: number | null): Promise<Sizes> {
    const gzipBefore = await this.gzipBytes(model, new Map());
    return { rawBefore: modelByteLength(model), rawAfter, gzipBefore, gzipAfter };
  }

  async gzipBytes(model: Model, cuts: ReadonlyMap<string, TensorCut>): Promise<number | null> {
    const asked = this.request.measureGzip === true;
    if (!asked && modelByteLength(model) > MAX_UNASKED_GZIP_BYTES) return null;
    const control = this.renamed('measure');
    return this.ports.gzipBytes((sink) => writeModel(model, cuts, sink, control));
  }

  async evaluatePlanned(cuts: readonly PlanEntry[]): Promise<Pick<Report, 'evaluation'>> {
    return this.evaluateBoth({ path: this.request.path, cuts });
  }

  private async evaluateWritten(path: string): Promise<Pick<Report, 'evaluation'>> {
    return this.evaluateBoth({ path, cuts: [] });
  }

  private async evaluateBoth(after: {
    readonly path: string;
    readonly cuts: readonly PlanEntry[];
  }): Promise<Pick<Report, 'evaluation'>> {
    const before = await this.evaluate(this.request.path, [], 'evaluate-before');
    if (before === null) return {};
    const result = await this.evaluate(after.path, after.cuts, 'evaluate-after');
    return result === null ? {} : { evaluation: { before, after: result } };
  }

  private async evaluate(
    path: string,
    cuts: readonly PlanEntry[],
    phase: ProgressPhase,
  ): Promise<Evaluation | null> {
    const { data, architecture, seed } = this.request.recipe;
    if (data === undefined) return null;
    const request = { path, architecture: architecture ?? null, cuts, data, seed };
    return this.ports.evaluate(request, this.renamed(phase));
  }

  /** The same control with every report under one phase. */
  private renamed(phase: ProgressPhase): JobControl {
    const { signal, report } = this.control;
    return { signal, report: (progress) => report({ ...progress, phase }) };
  }

  private assertBounds(evaluation: Report['evaluation']): void {
    const { bounds } = this.request.recipe;
    if (bounds === undefined || evaluation === undefined) return;
    const { before, after } = evaluation;
    const drop = (before.accuracy ?? 0) - (after.accuracy ?? 0);
    if (bounds.accuracyDrop !== undefined && drop > bounds.accuracyDrop) {
      throw new BoundError(
        `accuracy fell by ${drop} (from ${before.accuracy ?? 0} to ${after.accuracy ?? 0}); the recipe allows ${bounds.accuracyDrop}. Nothing was kept.`,
      );
    }
    const rise = after.loss - before.loss;
    if (bounds.lossIncrease !== undefined && rise > bounds.lossIncrease) {
      throw new BoundError(
        `the loss rose by ${rise} (from ${before.loss} to ${after.loss}); the recipe allows ${bounds.lossIncrease}. Nothing was kept.`,
      );
    }
  }
}

function reportOf(plan: Plan, sizes: Sizes): Report {
  return {
    layers: plan.entries.map(reportLayer),
    totals: plan.totals,
    sizes,
    warnings: plan.warnings,
  };
}

function reportLayer(entry: PlanEntry): ReportLayer {
  const { layer, tensor, criterion, elementCount, zerosBefore, zerosAfter, cut } = entry;
  const removedUnits = cut.zeroedUnits.length;
  return {
    layer,
    tensor,
    criterion,
    threshold: cut.threshold,
    elementCount,
    zerosBefore,
    zerosAfter,
    removedUnits,
  };
}
