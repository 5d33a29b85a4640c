/** Why something failed, as the command line's exit code and the host's wording tell it apart. */
export type FailureKind =
  'usage' | 'format' | 'unsupported' | 'bound' | 'io' | 'cancelled' | 'internal';

/** The base of every error that Secateur throws on purpose. `kind` decides the exit code. */
export abstract class SecateurError extends Error {
  abstract readonly kind: FailureKind;
}

/** The call or the recipe itself is wrong: nothing of the model was looked at. */
export class UsageError extends SecateurError {
  override readonly name = 'UsageError';
  readonly kind = 'usage';
}

/** Where in a model something stands, for messages. */
export interface Place {
  /** The format whose rule counts, e.g. `safetensors`. */
  readonly format: string;
  /** A file, a member, a tensor, a header field. */
  readonly place: string;
}

export interface FormatErrorDetail extends Place {
  readonly found: string;
  readonly allowed: string;
  /** Where in the file, where that is known. */
  readonly byteOffset?: number;
}

/** The bytes do not keep the rules of their format. The message names format, place, found and allowed. */
export class FormatError extends SecateurError {
  override readonly name = 'FormatError';
  readonly kind = 'format';
  readonly detail: FormatErrorDetail;

  constructor(detail: FormatErrorDetail) {
    const at = detail.byteOffset === undefined ? '' : ` at byte ${String(detail.byteOffset)}`;
    super(
      `${detail.format}: ${detail.place}${at}: found ${detail.found}; allowed: ${detail.allowed}`,
    );
    this.detail = detail;
  }
}

export interface UnsupportedDetail {
  /** What would be needed, e.g. `pruning of quantised weights`. */
  readonly feature: string;
  readonly found: string;
  readonly supported: string;
}

/** The file is valid, but holds something that Secateur cannot do. */
export class UnsupportedError extends SecateurError {
  override readonly name = 'UnsupportedError';
  readonly kind = 'unsupported';
  readonly detail: UnsupportedDetail;

  constructor(detail: UnsupportedDetail) {
    super(`${detail.feature}: found ${detail.found}; supported: ${detail.supported}`);
    this.detail = detail;
  }
}

/** A bound of the recipe, or the certificate, does not hold; nothing was kept. */
export class BoundError extends SecateurError {
  override readonly name = 'BoundError';
  readonly kind = 'bound';
}

/** Reading or writing failed for a reason outside the file's content: disk full, permission, gone. */
export class IoError extends SecateurError {
  override readonly name = 'IoError';
  readonly kind = 'io';
  /** The operating system's code, e.g. `ENOSPC`. */
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The user cancelled. Never shown as a failure. */
export class CancelledError extends SecateurError {
  override readonly name = 'CancelledError';
  readonly kind = 'cancelled';

  constructor() {
    super('Cancelled. Nothing was written.');
  }
}

/** The kind of any thrown value: `internal` for what was not thrown on purpose. */
export function failureKindOf(error: unknown): FailureKind {
  return error instanceof SecateurError ? error.kind : 'internal';
}
