import { UnsupportedError, UsageError } from '../errors';
import type { ManyEvaluations } from '../evaluation/evaluateMany';
import { type Model, modelByteLength } from '../model/model';
import { verifyChecksums } from '../model/verifyChecksums';
import type { JobControl } from '../progress';
import { packedModelBytes } from '../report/packedSize';
import type { PlanEntry } from '../report/plan';
import { assertSweep, dataOf } from './assertSweep';
import { bestOf, bestOfEach, boundsFor } from './bestPoints';
import { CellProgress } from './cellProgress';
import { countsOf, cutFigures, metricOf } from './cutFigures';
import { evaluateCuts } from './evaluateCuts';
import { JOBS_A_CHILD } from './limits';
import { partition } from './partition';
import { runSideBySide } from './runSideBySide';
import type { SweepCurve, SweepPart, SweepPoint, SweepRequest, SweepResult } from './sweep';
import type { SweepPorts } from './sweepPorts';
import { granularityOf, seedsOf, sparsitiesOf } from './sweepRecipes';
import { SeriesRun } from './sweepSeries';

/** How a sweep is watched and stopped. */
export interface SweepControl extends JobControl {
  /** Told points as soon as they are known, in any order. */
  readonly onPart?: (part: SweepPart) => void;
}

/**
 * Draws the metric against sparsity for several methods: the scores of each are found once a seed, every
 * sparsity selects from them, and the cut models are run on the same data. A method that cannot be used says
 * why, and the others go on.
 * @throws UsageError for a request out of bounds or without labelled data; what the first method threw where
 *   none can be used; FormatError, UnsupportedError, IoError, CancelledError.
 */
export async function runSweep(
  request: SweepRequest,
  ports: SweepPorts,
  control: SweepControl,
): Promise<SweepResult> {
  assertSweep(request);
  dataOf(request.recipe, 'sweep');
  const opened = await ports.openModel(request.path, request.recipe.architecture ?? null);
  try {
    await verifyChecksums(opened.model, control);
    return await new Sweep(request, opened.model, { ports, control }).run();
  } finally {
    await opened.close();
  }
}

/** A curve in the making, with its sparsities in the parts that are measured at a time. */
interface GroupedSeries {
  readonly run: SeriesRun;
  readonly groups: readonly (readonly number[])[];
}

class Sweep {
  readonly #request: SweepRequest;
  readonly #model: Model;
  readonly #ports: SweepPorts;
  readonly #control: SweepControl;
  readonly #progress: CellProgress;
  readonly #series: readonly GroupedSeries[];
  /** Why methods cannot be used, by their index. */
  readonly #problems = new Map<number, Error>();
  #evaluations: ManyEvaluations | null = null;

  constructor(
    request: SweepRequest,
    model: Model,
    { ports, control }: { readonly ports: SweepPorts; readonly control: SweepControl },
  ) {
    this.#request = request;
    this.#model = model;
    this.#ports = ports;
    this.#control = control;
    const methods = request.methods.flatMap((method, index) =>
      seedsOf(request, method).map((seed) => {
        return { index, method, seed, sparsities: sparsitiesOf(request, method) };
      }),
    );
    const cells = methods.reduce((sum, { sparsities }) => sum + sparsities.length, 0);
    const most = Math.ceil(cells / (ports.concurrency * JOBS_A_CHILD));
    this.#series = methods.map(({ index, method, seed, sparsities }) => {
      const groups = partition(sparsities, most);
      return { run: new SeriesRun(index, method, seed, { ports, groups: groups.length }), groups };
    });
    this.#progress = new CellProgress(control, cells);
  }

  async run(): Promise<SweepResult> {
    const { concurrency } = this.#ports;
    try {
      await runSideBySide(this.#tasks(concurrency), concurrency, this.#control.signal);
    } finally {
      for (const { run } of this.#series) await run.close();
    }
    return this.#result();
  }

  /** Of as many series as run at a time the first groups come first, so that none waits for another's scores. */
  #tasks(concurrency: number): readonly (() => Promise<void>)[] {
    const tasks: (() => Promise<void>)[] = [];
    for (let first = 0; first < this.#series.length; first += concurrency) {
      const window = this.#series.slice(first, first + concurrency);
      const most = Math.max(...window.map(({ groups }) => groups.length));
      for (let index = 0; index < most; index++) {
        for (const { run, groups } of window) {
          const group = groups[index];
          if (group !== undefined) tasks.push(() => this.#runGroup(run, group));
        }
      }
    }
    return tasks;
  }

  async #runGroup(series: SeriesRun, sparsities: readonly number[]): Promise<void> {
    const part = this.#progress.part(sparsities.length, series.method.criterion);
    if (!this.#problems.has(series.methodIndex)) {
      const points = await this.#points(series, sparsities, part.control);
      series.add(points);
      this.#control.onPart?.({ method: series.methodIndex, seed: series.seed, points });
    }
    part.end();
    await series.endGroup();
  }

  async #points(
    series: SeriesRun,
    sparsities: readonly number[],
    control: JobControl,
  ): Promise<readonly SweepPoint[]> {
    const { path, recipe } = this.#request;
    const found = series.plan(this.#request, this.#model, sparsities, control);
    const plans = this.#usable(series, found);
    const { architecture = null, seed } = recipe;
    const request = { path, architecture, data: dataOf(recipe, 'sweep'), seed };
    const points: SweepPoint[] = [];
    const run = { port: this.#ports, control };
    for await (const { of, cuts, figures, evaluations } of evaluateCuts(plans, request, run)) {
      this.#evaluations ??= evaluations;
      points.push({
        sparsity: of,
        ...cutFigures(figures, countsOf(cuts)),
        sizes: this.#sizes(cuts),
      });
    }
    return points;
  }

  /** Zeros alone leave a file as large as it was. */
  #sizes(cuts: readonly PlanEntry[]): SweepPoint['sizes'] {
    return { raw: modelByteLength(this.#model), packed: packedModelBytes(this.#model, cuts) };
  }

  /** Ends early where the method cannot be used on this model and data, and keeps the reason. */
  async *#usable<T>({ methodIndex }: SeriesRun, plans: AsyncIterable<T>): AsyncGenerator<T, void> {
    try {
      yield* plans;
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof UnsupportedError)) throw error;
      this.#problems.set(methodIndex, error);
    }
  }

  #result(): SweepResult {
    const [problem] = this.#problems.values();
    if (this.#evaluations === null) throw problem ?? new Error('a sweep evaluated nothing');
    const { samples, engine, original: baseline } = this.#evaluations;
    const criteria = this.#request.methods.map((_, index) => this.#curve(index));
    const bounds = boundsFor(this.#request.recipe.bounds, baseline);
    const best = bestOfEach(criteria, baseline, bounds);
    return {
      metric: metricOf(baseline),
      samples,
      engine,
      baseline,
      criteria,
      bounds,
      best: bestOf(best, baseline),
      bestOfEach: best,
    };
  }

  #curve(index: number): SweepCurve {
    const method = this.#request.methods[index];
    if (method === undefined) throw new Error(`a sweep has no method ${index}`);
    const problem = this.#problems.get(index);
    const series = this.#series.flatMap(({ run }) => (run.methodIndex === index ? run : []));
    return {
      ...method,
      granularity: granularityOf(this.#request.recipe, method),
      seeds: problem === undefined ? series.map((one) => one.result()) : [],
      ...(problem === undefined ? {} : { problem: problem.message }),
    };
  }
}
