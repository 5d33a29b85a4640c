import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '../../core/linearAlgebra/inputProduct';
import { type JobControl, throwIfCancelled } from '../../core/progress';

/** A cancel is seen, and progress shown, this often. */
const TURN_MS = 50;

/**
 * Runs work in parts to its end, with turns of the event loop between them.
 * @param item what is worked on
 * @throws CancelledError, and what the work throws
 */
export async function runSteps<T>(steps: Steps<T>, control: JobControl, item: string): Promise<T> {
  let last = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - last < TURN_MS) continue;
    control.report({ phase: 'score', done: step.value, total: 1, item });
    await nextTurn();
    throwIfCancelled(control.signal);
    last = performance.now();
  }
}
