import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
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

const JOURNAL_PART = 'moving.json.part';
const SET_ASIDE = '.replaced';

/**
 * Moves a set into place. Each step leaves a state from which the move can be finished or undone, and
 * the steps are yielded so that a test can stop between any two.
 */
export async function* moveSet(move: SetMove): AsyncGenerator<string, void, undefined> {
  // Afterwards a file that is not there counts as moved already.
  for (const name of move.names) await lstat(path.join(move.temporary, name));
  yield* writeJournal(move, 'forward');
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
      await moveFile(final, aside);
      yield `set aside ${name}`;
    }
    await moveFile(from, final);
    yield `moved ${name}`;
  }
  yield* endMove(move);
}

/** Takes a move back wherever it stopped: the old files return, new ones that replaced nothing go. */
export async function* undoMove(move: SetMove): AsyncGenerator<string, void, undefined> {
  yield* writeJournal(move, 'back');
  yield* finishUndo(move);
}

/** Goes on with taking a move back. */
export async function* finishUndo(move: SetMove): AsyncGenerator<string, void, undefined> {
  for (const name of [...move.names].reverse()) {
    const final = path.join(move.target, name);
    const aside = asidePath(move, name);
    if (await pathExists(aside)) await moveFile(aside, final);
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

async function* writeJournal(
  move: SetMove,
  direction: Direction,
): AsyncGenerator<string, void, undefined> {
  const { names, replaced } = move;
  const target = path.relative(path.dirname(move.temporary), move.target) || '.';
  const part = path.join(move.temporary, JOURNAL_PART);
  const handle = await open(part, 'w');
  try {
    await handle.writeFile(JSON.stringify({ version: 1, direction, target, names, replaced }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  yield 'wrote the journal';
  await rename(part, path.join(move.temporary, JOURNAL));
  await syncFolder(move.temporary);
  yield `the journal says ${direction}`;
}

function asidePath(move: SetMove, name: string): string {
  return path.join(move.temporary, SET_ASIDE, name);
}

async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await rename(from, to);
}
