import type { FailureKind, FormatErrorDetail, UnsupportedDetail } from '../core/errors';

/** A failure as it crosses between processes; {@link FailureData.message} is the core's own. */
export interface FailureData {
  readonly kind: FailureKind;
  readonly message: string;
  readonly format?: FormatErrorDetail;
  readonly unsupported?: UnsupportedDetail;
  /** The operating system's code, e.g. `ENOSPC`. */
  readonly ioCode?: string;
  readonly stack?: string;
  /** When a process ended instead of answering. */
  readonly ended?: ProcessEnd;
}

/** How a process ended that should have answered. */
export interface ProcessEnd {
  readonly process: 'worker' | 'job';
  readonly reason: 'stopped' | 'not-started' | 'out-of-memory' | 'signal' | 'exit' | 'disconnected';
  /** The signal's name, the exit code, or what the system said; empty for the others. */
  readonly detail: string;
}
