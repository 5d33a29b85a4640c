import {
  BoundError,
  CancelledError,
  FormatError,
  IoError,
  SecateurError,
  UnsupportedError,
  UsageError,
} from '../../core/errors';
import type { FailureData } from '../../protocol/errors';
import { ProcessEndedError } from './processEnd';

/** A failure of the other process that it did not throw on purpose. */
export class RemoteError extends SecateurError {
  override readonly name = 'RemoteError';
  readonly kind = 'internal';
  /** The stack in the process where it was thrown. */
  readonly remoteStack: string | undefined;

  constructor(message: string, remoteStack: string | undefined) {
    super(message);
    this.remoteStack = remoteStack;
  }
}

/** Any thrown value as it crosses between processes. */
export function failureDataOf(error: unknown): FailureData {
  if (!(error instanceof Error)) return { kind: 'internal', message: String(error) };
  const stack = error instanceof RemoteError ? error.remoteStack : error.stack;
  return {
    kind: error instanceof SecateurError ? error.kind : 'internal',
    message: error.message,
    ...(stack === undefined ? {} : { stack }),
    ...detailOf(error),
  };
}

function detailOf(error: Error): Partial<FailureData> {
  if (error instanceof FormatError) return { format: error.detail };
  if (error instanceof UnsupportedError) return { unsupported: error.detail };
  if (error instanceof IoError) return { ioCode: error.code };
  if (error instanceof ProcessEndedError) return { ended: error.end };
  const systemCode = systemCodeOf(error);
  return systemCode === null ? {} : { kind: 'io', ioCode: systemCode };
}

/** The operating system's code of an error that Node threw itself. */
function systemCodeOf(error: Error): string | null {
  if (!('syscall' in error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** The error of the right class for what came across: the inverse of {@link failureDataOf}. */
export function errorOfFailure(data: FailureData): SecateurError {
  if (data.ended !== undefined) return new ProcessEndedError(data.ended);
  switch (data.kind) {
    case 'usage':
      return new UsageError(data.message);
    case 'format':
      return data.format ? new FormatError(data.format) : remoteError(data);
    case 'unsupported':
      return data.unsupported ? new UnsupportedError(data.unsupported) : remoteError(data);
    case 'bound':
      return new BoundError(data.message);
    case 'io':
      return new IoError(data.ioCode ?? 'EIO', data.message);
    case 'cancelled':
      return new CancelledError();
    case 'internal':
      return remoteError(data);
  }
}

function remoteError(data: FailureData): RemoteError {
  return new RemoteError(data.message, data.stack);
}
