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
}
