import { CancelledError } from '../../core/errors';
import type { SessionCore } from './sessionCore';

/** Tells what the units of a layer are ranked by, for the layer that is looked at. */
export class UnitScoreReader {
  readonly #core: SessionCore;
  #reading: AbortController | null = null;

  constructor(core: SessionCore) {
    this.#core = core;
  }

  /** The units of one tensor under the present plan; the last question alone is answered. */
  async read(tensor: string): Promise<void> {
    this.#reading?.abort();
    const { path, history, services, state } = this.#core;
    const { recipe, revision } = history;
    if (state.plan?.revision !== revision) return;
    const planned = state.plan.plan.entries.map((entry) => entry.tensor);
    const reading = new AbortController();
    this.#reading = reading;
    try {
      const { signal } = reading;
      const params = { path, recipe, tensor, planned };
      const units = await services.client.unitScores(params, { signal });
      if (!signal.aborted) this.#core.say({ type: 'unitScores', tensor, units, revision });
    } catch (error) {
      if (error instanceof CancelledError) return;
      services.log.error(error instanceof Error ? error : String(error));
      this.#core.say({ type: 'unitScores', tensor, units: null, revision });
    }
  }

  dispose(): void {
    this.#reading?.abort();
  }
}
