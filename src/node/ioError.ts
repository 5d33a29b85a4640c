import { IoError } from '../core/errors';

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  EFBIG: 'the file would be larger than the system allows',
  EIO: 'the device reported an error',
};

/**
 * An operating system's error with the file and what was being done in words; others, and those that are
 * in words already, pass unchanged.
 * @param assurance what is still true, e.g. that the original is untouched
 */
export function toIoError(error: unknown, doing: string, assurance?: string): unknown {
  const code = errorCode(error);
  if (code === null || error instanceof IoError) return error;
  const words = WORDS[code] ?? (error instanceof Error ? error.message : code);
  const rest = assurance === undefined ? '' : `. ${assurance}`;
  return new IoError(code, `${doing} failed: ${words} (${code})${rest}`, { cause: error });
}

/** The system's code of an error, e.g. `ENOENT`; null when it is not from the system. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const { code } = error;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
}
