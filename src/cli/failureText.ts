import { CancelledError, failureKindOf } from '../core/errors';
import type { ProcessEnd } from '../protocol/errors';
import { ProcessEndedError } from '../worker/rpc/processEnd';

/**
 * What a user reads of a failure: of what was thrown on purpose its own words, of a compute process that ended what to do
 * about it, of a fault of ours its stack, for a report.
 */
export function failureText(error: unknown): string {
  if (error instanceof CancelledError) return 'cancelled, nothing was written';
  if (error instanceof ProcessEndedError) return `${error.message}; ${adviceFor(error.end)}`;
  if (failureKindOf(error) !== 'internal') return (error as Error).message;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error, please report it:\n${detail}`;
}

const LESS = 'take fewer samples (--rows, --sample), or free memory';

function adviceFor({ reason, detail }: ProcessEnd): string {
  switch (reason) {
    case 'out-of-memory':
      return LESS;
    case 'signal':
      // The kernel of the operating system kills so when memory runs out.
      return detail === 'SIGKILL'
        ? `mostly that is the system being short of memory: ${LESS}`
        : 'run the command again';
    case 'not-started':
      return 'install secateur anew if that stays so';
    case 'stopped':
      return 'run the command again';
    case 'exit':
    case 'disconnected':
      return 'run the command again, and report it if it ends so every time';
  }
}
