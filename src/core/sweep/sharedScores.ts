import type {
  ReconstructRequest,
  ScoreArrays,
  ScoreRequest,
  ScoringPort,
} from '../criteria/scoringPort';
import type { JobControl } from '../progress';
import type { SensitivityRequest, SensitivityResult } from './sensitivity';

/**
 * Finds the scores and the sensitivity of the untouched model once for all sparsities of a series; what depends on earlier cuts
 * or on a sparsity is asked for anew. To be closed when the series is done.
 */
export class SharedScores implements ScoringPort {
  readonly #port: ScoringPort;
  readonly #found = new Map<string, Promise<ScoreArrays>>();
  readonly #measured = new Map<string, Promise<SensitivityResult>>();

  constructor(port: ScoringPort) {
    this.#port = port;
  }

  async score(request: ScoreRequest, control: JobControl): Promise<ScoreArrays> {
    if (request.cuts.length > 0) return this.#port.score(request, control);
    const key = JSON.stringify(request);
    const found = this.#found.get(key) ?? this.#port.score(request, control);
    this.#found.set(key, found);
    return { ...(await found), close: () => Promise.resolve() };
  }

  reconstruct(request: ReconstructRequest, control: JobControl): Promise<ScoreArrays> {
    return this.#port.reconstruct(request, control);
  }

  sensitivity(request: SensitivityRequest, control: JobControl): Promise<SensitivityResult> {
    const key = JSON.stringify(request);
    const measured = this.#measured.get(key) ?? this.#port.sensitivity(request, control);
    this.#measured.set(key, measured);
    return measured;
  }

  async close(): Promise<void> {
    for (const found of await Promise.allSettled(this.#found.values())) {
      if (found.status === 'fulfilled') await found.value.close();
    }
    this.#found.clear();
  }
}
