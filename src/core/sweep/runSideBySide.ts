import { type CancelSignal, throwIfCancelled } from '../progress';

/**
 * Runs tasks in their order, at most `limit` at a time. After a failure no further one begins; it is thrown
 * when those that run have ended, so that nothing goes on behind the caller's back.
 * @throws CancelledError; what a task threw first.
 */
export async function runSideBySide(
  tasks: readonly (() => Promise<void>)[],
  limit: number,
  signal: CancelSignal,
): Promise<void> {
  const waiting = [...tasks];
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      try {
        throwIfCancelled(signal);
        await task();
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, work));
  if (failures.length > 0) throw failures[0];
}
