import { FormatError, UnsupportedError } from '../core/errors';
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
    private readonly createFallback: (refusal: Error) => Promise<Executor>,
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
      if (!isRefusal(error) || this.hasFallenBack) throw error;
      const fallback = await this.createFallback(error);
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

/** Whether an engine cannot run a graph that another may be able to run. */
export function isRefusal(error: unknown): error is FormatError | UnsupportedError {
  return error instanceof UnsupportedError || error instanceof FormatError;
}
