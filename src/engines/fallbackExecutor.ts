import { UnsupportedError } from '../core/errors';
import type { DenseArray, Executor } from '../core/graph/executor';
import type { CancelSignal } from '../core/progress';

/**
 * Runs on one engine until that meets something it does not know, and from then on another one. Values that
 * came before stay: both compute the same network.
 */
export class FallbackExecutor implements Executor {
  private current: Executor;
  private hasFallenBack = false;

  constructor(
    first: Executor,
    private readonly createFallback: () => Promise<Executor>,
  ) {
    this.current = first;
  }

  get engine(): string {
    return this.current.engine;
  }

  async run(inputs: readonly DenseArray[], signal?: CancelSignal): Promise<readonly DenseArray[]> {
    try {
      return await this.current.run(inputs, signal);
    } catch (error) {
      if (!(error instanceof UnsupportedError) || this.hasFallenBack) throw error;
      const fallback = await this.createFallback();
      this.current.dispose();
      this.current = fallback;
      this.hasFallenBack = true;
      return fallback.run(inputs, signal);
    }
  }

  dispose(): void {
    this.current.dispose();
  }
}
