import { SecateurError } from '../../core/errors';
import type { ProcessEnd } from '../../protocol/errors';

/** The process that should have answered is gone, or was told to go. */
export class ProcessEndedError extends SecateurError {
  override readonly name = 'ProcessEndedError';
  readonly kind = 'internal';
  readonly end: ProcessEnd;

  constructor(end: ProcessEnd) {
    super(describeProcessEnd(end));
    this.end = end;
  }
}

const PROCESS_NAMES = { worker: 'the worker process', job: 'the compute process' } as const;

/** One English sentence for logs and the command line; the host has its own in the user's language. */
export function describeProcessEnd(end: ProcessEnd): string {
  const name = PROCESS_NAMES[end.process];
  switch (end.reason) {
    case 'stopped':
      return `${name} was stopped before it answered`;
    case 'not-started':
      return `${name} could not be started: ${end.detail}`;
    case 'out-of-memory':
      return `${name} ran out of memory`;
    case 'signal':
      return `${name} was killed by ${end.detail}`;
    case 'exit':
      return `${name} ended with exit code ${end.detail}`;
    case 'disconnected':
      return `${name} closed its channel without answering`;
  }
}

// What V8 and Node write to stderr before they abort; there is no exit code for it.
const OUT_OF_MEMORY = /heap out of memory|Reached heap limit|Array buffer allocation failed/u;

/** Why a child ended, from what the operating system and its last words say. */
export function processEndOf(
  process: ProcessEnd['process'],
  code: number | null,
  signal: string | null,
  lastWords: string,
): ProcessEnd {
  if (OUT_OF_MEMORY.test(lastWords)) return { process, reason: 'out-of-memory', detail: '' };
  if (signal !== null) return { process, reason: 'signal', detail: signal };
  return { process, reason: 'exit', detail: String(code ?? 'unknown') };
}
