import { lstat, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { IoError } from '../core/errors';
import { isAbandoned, TEMPORARY_PREFIX } from './temporaryFolders';
import { errorCode, toIoError } from './ioError';
import {
  type Direction,
  finishMove,
  finishUndo,
  identityOf,
  JOURNAL,
  performAll,
  type SetMove,
} from './setMove';

/** A set is moved within milliseconds; whoever opens it meanwhile waits this long at most. */
const PATIENCE_MS = 3000;
const POLL_MS = 20;

/**
 * A living mover renames a file every few milliseconds: one that has not for so long is not it, but a
 * process that was given its number. Clocks of machines that share a drive may differ.
 */
const STALE_MS = 60 * 1000;

/** A journal names each file of a set: this is room for a hundred thousand. */
const MAX_JOURNAL_BYTES = 64 * 1024 * 1024;

/**
 * Sees to it that the files of a folder are one set: a move that a killed process left half done is
 * finished or undone, one that is under way is waited for.
 * @throws IoError when a move is under way for too long, or cannot be recovered; nothing is opened then.
 */
export async function recoverMovesInto(folder: string): Promise<void> {
  const target = path.resolve(folder);
  // The temporary folder lies beside the set's own folder, or in it where the set has none.
  for (const parent of new Set([path.dirname(target), target])) {
    for (const name of await temporaryFolders(parent)) {
      const temporary = path.join(parent, name);
      await settle(temporary, target);
    }
  }
}

/** Recovers what the killed owner of a temporary folder was moving; the folder itself may then go. */
export async function recoverAbandonedMove(temporary: string): Promise<void> {
  const journal = await readJournal(temporary);
  if (journal === null) return;
  if (!journal.isOriginal) throw copied(journal.move);
  await recover(journal);
}

async function temporaryFolders(parent: string): Promise<string[]> {
  // A folder that cannot be listed holds no temporary folder of ours: we could not have made it.
  const names = await readdir(parent).catch(() => []);
  return names.filter((name) => name.startsWith(TEMPORARY_PREFIX));
}

async function settle(temporary: string, target: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const journal = await readJournal(temporary);
    if (journal === null || journal.move.target !== target) return;
    if (!journal.isOriginal) throw copied(journal.move);
    if ((await isAbandoned(temporary)) || (await isStale(temporary))) {
      await recover(journal);
      await rm(temporary, { recursive: true, force: true });
      return;
    }
    if (Date.now() > deadline) throw stillMoving(temporary, target);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function isStale(temporary: string): Promise<boolean> {
  const [folder, journal] = await Promise.all([
    stat(temporary).catch(() => null),
    stat(path.join(temporary, JOURNAL)).catch(() => null),
  ]);
  // Its owner has just finished: the next look finds nothing.
  if (folder === null) return false;
  const changed = Math.max(folder.mtimeMs, journal?.mtimeMs ?? Date.now());
  return Date.now() - changed > STALE_MS;
}

interface Journal {
  /** The folder is the one that the journal was written in. A copy, or one from an archive, is not. */
  readonly isOriginal: boolean;
  readonly direction: Direction;
  readonly move: SetMove;
}

async function recover({ direction, move }: Journal): Promise<void> {
  const steps = direction === 'forward' ? finishMove(move) : finishUndo(move);
  try {
    await assertPlainFolder(move.target);
    for (const name of move.names) await assertPlainPath(move.target, name);
    await performAll(steps);
  } catch (error) {
    throw toIoError(
      error,
      `finishing the interrupted write of ${move.target}`,
      `Its files may be a mix of two models; the new ones are in ${move.temporary}.`,
    );
  }
}

/** null where there is no journal, or one that no process of ours has written. */
async function readJournal(temporary: string): Promise<Journal | null> {
  const file = path.join(temporary, JOURNAL);
  const text = await readPlainFile(file).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null;
    throw toIoError(error, `reading ${file}`);
  });
  return text === null ? null : parseJournal(text, temporary, await identityOf(temporary));
}

/** null for a pipe, which would never end, and for more than a journal of ours can be. */
async function readPlainFile(file: string): Promise<string | null> {
  const found = await lstat(file);
  return found.isFile() && found.size <= MAX_JOURNAL_BYTES ? readFile(file, 'utf8') : null;
}

function parseJournal(text: string, temporary: string, identity: string | null): Journal | null {
  const value = jsonOrNull(text) as Partial<Record<string, unknown>> | null;
  const { direction, target, names, replaced, folder: written } = value ?? {};
  if (direction !== 'forward' && direction !== 'back') return null;
  if (!isNameList(names) || !isNameList(replaced)) return null;
  // Only the folder beside, or the one around: a journal is a file like any other, and may be forged.
  if (typeof target !== 'string' || !/^[^/\\]+$/.test(target) || target === '..') return null;
  const folder = path.resolve(path.dirname(temporary), target);
  const isOriginal = identity !== null && written === identity;
  return { isOriginal, direction, move: { temporary, target: folder, names, replaced } };
}

function jsonOrNull(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    // Not ours: a journal of ours is renamed into place only when it is whole.
    return null;
  }
}

function isNameList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isInnerPath);
}

function isInnerPath(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return false;
  const outside = path.isAbsolute(value) || path.win32.isAbsolute(value);
  return !outside && !value.split(/[/\\]/).includes('..');
}

/** A link could lead the files of a forged journal anywhere. */
async function assertPlainFolder(folder: string): Promise<void> {
  if ((await lstat(folder)).isDirectory()) return;
  throw new IoError('ENOTDIR', `${folder} is no plain folder`);
}

async function assertPlainPath(folder: string, name: string): Promise<void> {
  for (let at = path.dirname(name); at !== '.'; at = path.dirname(at)) {
    const inner = path.join(folder, at);
    const found = await lstat(inner).catch(() => null);
    if (found !== null && !found.isDirectory()) {
      throw new IoError('ENOTDIR', `${inner} is no plain folder`);
    }
  }
}

function stillMoving(temporary: string, target: string): IoError {
  return new IoError(
    'EBUSY',
    `opening ${target} failed: another process is replacing its files (see ${temporary}); try again when it is done, or in a minute`,
  );
}

/** Nothing is moved for a journal that came from elsewhere: it may say anything. */
function copied({ target, temporary }: SetMove): IoError {
  return new IoError(
    'EBUSY',
    `opening ${target} failed: ${temporary} says that its files were being replaced, but was not written here; remove that folder if the files are whole`,
  );
}
