import { CancelledError } from './errors';

/** The part of an AbortSignal that the core needs; every AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** What a long job is doing. `done` and `total` are in bytes, samples or layers: only the ratio counts. */
export interface ProgressReport {
  /** A stable key (`statistics`, `score`, `write`, `evaluate`, …); the host words it. */
  readonly phase: ProgressPhase;
  readonly done: number;
  readonly total: number;
  /** The tensor, layer or file in hand. */
  readonly item?: string;
}

export type ProgressPhase =
  | 'verify'
  | 'statistics'
  | 'score'
  | 'write'
  | 'measure'
  | 'evaluate'
  | 'evaluate-before'
  | 'evaluate-after'
  | 'install';

export type ReportProgress = (report: ProgressReport) => void;

/** How a long job is watched and stopped. */
export interface JobControl {
  readonly signal: CancelSignal;
  readonly report: ReportProgress;
}

/** A job that nobody watches or cancels. */
export const unattended: JobControl = { signal: { aborted: false }, report: () => undefined };

/** Looked at once per chunk. @throws CancelledError when the signal is set. */
export function throwIfCancelled(signal: CancelSignal): void {
  if (signal.aborted) throw new CancelledError();
}
