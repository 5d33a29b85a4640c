import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathExists } from './pathExists';
import { syncFolder } from './syncFolder';

/** A set of finished files on its way from a temporary folder into place. */
export interface SetMove {
  /** Absolute: holds the new files under their final names, the journal, and old files set aside. */
  readonly temporary: string;
  /** Absolute: the folder that the files go to. */
  readonly target: string;
  /** Relative names in the order they are moved, the main file last: a reader that comes in between sees the old one. */
  readonly names: readonly string[];
  /** Those of them that were there before, and are replaced. */
  readonly replaced: readonly string[];
}

/** What is to become of the set when its move is interrupted. */
export type Direction = 'forward' | 'back';

/** Says what a temporary folder's files are on their way to; as long as it is there, the set may be a mix. */
export const JOURNAL = 'moving.json';

/** Written before anything moves, so that turning back needs no room on the disk. */
const UNDO_JOURNAL = 'undoing.json';
const SET_ASIDE = '.replaced';

/**
 * Moves a set into place. Each step leaves a state from which the move can be finished or undone, and
 * the steps are yielded so that a test can stop between any two.
 */
export async function* moveSet(move: SetMove): AsyncGenerator<string, void, undefined> {
  // Afterwards a file that is not there counts as moved already.
  for (const name of move.names) await lstat(path.join(move.temporary, name));
  await makeFolders(move);
  await writeJournal(move, 'back', UNDO_JOURNAL);
  yield 'made the folders';
  await writeJournal(move, 'forward', `${JOURNAL}.part`);
  yield 'wrote the journal';
  await announce(move, `${JOURNAL}.part`);
  yield 'the journal says forward';
  yield* finishMove(move);
}

/** Performs all steps. @throws the system's error of the step that failed. */
export async function performAll(steps: AsyncGenerator<string, void, undefined>): Promise<void> {
  while ((await steps.next()).done !== true);
}

/** Goes on with a move wherever it stopped. */
export async function* finishMove(move: SetMove): AsyncGenerator<string, void, undefined> {
  for (const name of move.names) {
    const from = path.join(move.temporary, name);
    if (!(await pathExists(from))) continue;
    const final = path.join(move.target, name);
    const aside = asidePath(move, name);
    if (move.replaced.includes(name) && !(await pathExists(aside)) && (await pathExists(final))) {
      await rename(final, aside);
      yield `set aside ${name}`;
    }
    await rename(from, final);
    yield `moved ${name}`;
  }
  yield* endMove(move);
}

/**
 * Takes a move back wherever it stopped: the old files return, new ones that replaced nothing go. What
 * failed may have been for lack of room, so nothing is made here.
 */
export async function* undoMove(move: SetMove): AsyncGenerator<string, void, undefined> {
  // Without a journal nothing has moved yet.
  if (!(await pathExists(path.join(move.temporary, JOURNAL)))) return;
  await announce(move, UNDO_JOURNAL);
  yield 'the journal says back';
  yield* finishUndo(move);
}

/** Whether a temporary folder still looks after a set: then it must not be removed. */
export function isMoving(temporary: string): Promise<boolean> {
  return pathExists(path.join(temporary, JOURNAL));
}

/**
 * What tells a folder from every copy of it, also one that came in an archive: its number in the file
 * system, and the moment it was made there. null where the file system does not keep that moment: the
 * number alone could be guessed.
 */
export async function identityOf(folder: string): Promise<string | null> {
  const { ino, birthtimeNs } = await stat(folder, { bigint: true });
  return birthtimeNs === 0n ? null : `${ino}-${birthtimeNs}`;
}

/** Goes on with taking a move back. */
export async function* finishUndo(move: SetMove): AsyncGenerator<string, void, undefined> {
  for (const name of [...move.names].reverse()) {
    const final = path.join(move.target, name);
    const aside = asidePath(move, name);
    if (await pathExists(aside)) await rename(aside, final);
    else if (!move.replaced.includes(name)) await rm(final, { force: true });
    yield `put back ${name}`;
  }
  yield* endMove(move);
}

/** The moves are on the disk before the journal goes: from then on nobody looks after the set. */
async function* endMove(move: SetMove): AsyncGenerator<string, void, undefined> {
  const folders = new Set(move.names.map((name) => path.dirname(path.join(move.target, name))));
  for (const folder of folders) await syncFolder(folder);
  yield 'synced the set';
  await rm(path.join(move.temporary, JOURNAL), { force: true });
  yield 'removed the journal';
}

/** All folders that files will be moved to, so that moving is renaming alone. */
async function makeFolders(move: SetMove): Promise<void> {
  for (const name of move.names) {
    await mkdir(path.dirname(path.join(move.target, name)), { recursive: true });
    await mkdir(path.dirname(asidePath(move, name)), { recursive: true });
  }
}

async function writeJournal(move: SetMove, direction: Direction, file: string): Promise<void> {
  const { temporary, names, replaced } = move;
  const target = path.relative(path.dirname(temporary), move.target) || '.';
  const folder = await identityOf(temporary);
  const handle = await open(path.join(temporary, file), 'w');
  try {
    const journal = { version: 1, folder, direction, target, names, replaced };
    await handle.writeFile(JSON.stringify(journal));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function announce(move: SetMove, file: string): Promise<void> {
  await rename(path.join(move.temporary, file), path.join(move.temporary, JOURNAL));
  await syncFolder(move.temporary);
}

function asidePath(move: SetMove, name: string): string {
  return path.join(move.temporary, SET_ASIDE, name);
}
