import type { ManyEvaluations } from '../evaluation/evaluateMany';
import type { Model } from '../model/model';
import { verifyChecksums } from '../model/verifyChecksums';
import type { JobControl } from '../progress';
import type { PlanEntry } from '../report/plan';
import { planPrune } from '../selection/planPrune';
import { planScoring } from '../selection/planScoring';
import { assertCells, assertShares, dataOf } from './assertSweep';
import { CellProgress } from './cellProgress';
import { countsOf, cutFigures, metricOf } from './cutFigures';
import { evaluateCuts, type NamedCuts } from './evaluateCuts';
import { runSideBySide } from './runSideBySide';
import {
  DEFAULT_LEVELS,
  type LayerSensitivity,
  type SensitivityPoint,
  type SensitivityRequest,
  type SensitivityResult,
} from './sensitivity';
import { SharedScores } from './sharedScores';
import type { SweepPorts } from './sweepPorts';
import { recipeOfLevel } from './sweepRecipes';

/**
 * Prunes each layer alone at several sparsities, all others untouched, and runs what comes of it: how much
 * each layer can lose. Scores are found once; one plan a level, in which every layer has that sparsity, gives
 * the cuts of all layers.
 * @throws UsageError for levels out of bounds or without labelled data; what planning and running throw.
 */
export async function measureSensitivity(
  request: SensitivityRequest,
  ports: SweepPorts,
  control: JobControl,
): Promise<SensitivityResult> {
  const levels = [...new Set(request.levels ?? DEFAULT_LEVELS)].sort((one, other) => one - other);
  assertShares('levels', levels);
  dataOf(request.recipe, 'sensitivity');
  const opened = await ports.openModel(request.path, request.recipe.architecture ?? null);
  try {
    await verifyChecksums(opened.model, control);
    const cells = new CellProgress(control, levels.length);
    const run = new SensitivityRun(request, opened.model, { ports, cells });
    const tasks = levels.map((level) => () => run.measure(level));
    try {
      await runSideBySide(tasks, ports.concurrency, control.signal);
    } finally {
      await run.close();
    }
    return run.result();
  } finally {
    await opened.close();
  }
}

class SensitivityRun {
  readonly #request: SensitivityRequest;
  readonly #model: Model;
  readonly #ports: SweepPorts;
  readonly #cells: CellProgress;
  readonly #scores: SharedScores;
  readonly #points = new Map<string, SensitivityPoint[]>();
  /** In the graph's order: what is pruned of each layer. */
  #layers: readonly PlannedLayer[] = [];
  #evaluations: ManyEvaluations | null = null;

  constructor(
    request: SensitivityRequest,
    model: Model,
    { ports, cells }: { readonly ports: SweepPorts; readonly cells: CellProgress },
  ) {
    this.#request = request;
    this.#model = model;
    this.#ports = ports;
    this.#cells = cells;
    this.#scores = new SharedScores(ports.scoring);
  }

  /** All layers, one after the other, at one level. */
  async measure(level: number): Promise<void> {
    const { path, recipe } = this.#request;
    const { architecture = null, seed } = recipe;
    const part = this.#cells.part(1, `sparsity ${Number((level * 100).toFixed(2))} %`);
    const request = { path, architecture, data: dataOf(recipe, 'sensitivity'), seed };
    const run = { port: this.#ports, control: part.control };
    const source = this.#layersAt(level, part.control);
    for await (const { of, cuts, figures, evaluations } of evaluateCuts(source, request, run)) {
      this.#evaluations ??= evaluations;
      const points = this.#points.get(of.key) ?? [];
      points.push({ sparsity: level, ...cutFigures(figures, countsOf(cuts)) });
      this.#points.set(of.key, points);
    }
    part.end();
  }

  async *#layersAt(
    level: number,
    control: JobControl,
  ): AsyncGenerator<NamedCuts<PlannedLayer>, void, undefined> {
    const { path, recipe } = this.#request;
    const own = recipeOfLevel(recipe, level);
    const scoring = planScoring(this.#scores, path, own, (masks) =>
      this.#ports.openModel(masks, null),
    );
    const { entries } = await planPrune(this.#model, own, control, scoring);
    const layers = plannedLayers(entries, this.#request.perTensor === true);
    const levelCount = this.#request.levels?.length ?? DEFAULT_LEVELS.length;
    assertCells(layers.length * levelCount);
    this.#layers = layers;
    for (const layer of layers) yield { of: layer, cuts: layer.entries };
  }

  close(): Promise<void> {
    return this.#scores.close();
  }

  result(): SensitivityResult {
    if (this.#evaluations === null) throw new Error('sensitivity was measured of no layer');
    const { samples, engine, original: baseline } = this.#evaluations;
    const { criterion, granularity } = this.#request.recipe;
    return {
      criterion,
      granularity,
      metric: metricOf(baseline),
      samples,
      engine,
      baseline,
      layers: this.#layers.map((layer) => this.#layer(layer)),
    };
  }

  #layer({ key, layer, entries }: PlannedLayer): LayerSensitivity {
    const points = this.#points.get(key) ?? [];
    return {
      layer,
      tensors: entries.map(({ tensor }) => tensor),
      elementCount: countsOf(entries).elementCount,
      points: points.sort((one, other) => one.sparsity - other.sparsity),
    };
  }
}

/** What a plan takes from one layer: of recurrent ones several tensors. */
interface PlannedLayer {
  /** What its points are kept by. */
  readonly key: string;
  readonly layer: string;
  readonly entries: readonly PlanEntry[];
}

function plannedLayers(entries: readonly PlanEntry[], perTensor: boolean): readonly PlannedLayer[] {
  const groups = new Map<string, PlanEntry[]>();
  for (const entry of entries) {
    const key = perTensor ? entry.tensor : entry.layer;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [entry]);
    else known.push(entry);
  }
  return [...groups].map(([key, own]) => ({ key, layer: own[0]?.layer ?? key, entries: own }));
}
