import type { Model } from '../model/model';
import type { JobControl } from '../progress';
import { planPrune } from '../selection/planPrune';
import { type OpenMasks, planScoring } from '../selection/planScoring';
import type { NamedCuts } from './evaluateCuts';
import { SharedScores } from './sharedScores';
import type { SweepMethod, SweepPoint, SweepRequest, SweepSeries } from './sweep';
import type { SweepPorts } from './sweepPorts';
import { recipeOfPoint } from './sweepRecipes';

/** One curve in the making: a method with one seed, and the scores that all of its points select from. */
export class SeriesRun {
  readonly #scores: SharedScores;
  readonly #openMasks: OpenMasks;
  readonly #points: SweepPoint[] = [];
  #samples: number | null = null;
  #openGroups: number;

  /** @param groups in how many parts the points are asked for; with the last one the scores go */
  constructor(
    readonly methodIndex: number,
    readonly method: SweepMethod,
    readonly seed: number,
    { ports, groups }: { readonly ports: SweepPorts; readonly groups: number },
  ) {
    this.#scores = new SharedScores(ports.scoring);
    this.#openMasks = (masks) => ports.openModel(masks, null);
    this.#openGroups = groups;
  }

  /** The cuts at some sparsities, each made when it is asked for. @throws as planPrune does. */
  async *plan(
    request: SweepRequest,
    model: Model,
    sparsities: readonly number[],
    control: JobControl,
  ): AsyncGenerator<NamedCuts<number>, void, undefined> {
    for (const sparsity of sparsities) {
      const own = recipeOfPoint(request, this.method, { seed: this.seed, sparsity });
      const scoring = planScoring(this.#scores, request.path, own, this.#openMasks);
      const plan = await planPrune(model, own, control, scoring);
      this.#samples = plan.scored?.samples ?? this.#samples;
      yield { of: sparsity, cuts: plan.entries };
    }
  }

  add(points: readonly SweepPoint[]): void {
    this.#points.push(...points);
  }

  async endGroup(): Promise<void> {
    this.#openGroups -= 1;
    if (this.#openGroups === 0) await this.close();
  }

  close(): Promise<void> {
    return this.#scores.close();
  }

  result(): SweepSeries {
    const points = this.#points.sort((one, other) => one.sparsity - other.sparsity);
    return { seed: this.seed, samples: this.#samples, points };
  }
}
