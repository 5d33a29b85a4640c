import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CancelSignal, throwIfCancelled } from '../../core/progress';

/** A kernel cannot be interrupted: between kernels others get a turn at most this often. */
const TURN_INTERVAL_MS = 50;

/** Lets the event loop take turns during a long computation, so that a cancel can arrive. */
export class Turns {
  private last = performance.now();

  constructor(private readonly signal: CancelSignal | undefined) {}

  /** To be called between kernels. @throws CancelledError when the signal is set. */
  async take(): Promise<void> {
    if (performance.now() - this.last >= TURN_INTERVAL_MS) {
      await nextTurn();
      this.last = performance.now();
    }
    if (this.signal !== undefined) throwIfCancelled(this.signal);
  }
}
