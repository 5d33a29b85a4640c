import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolderPrefix } from '../../../src/node/temporaryFolders';
import { openModelFile } from '../../../src/node/openModel';
import { recoverMovesInto } from '../../../src/node/recoverMoves';
import {
  identityOf,
  isMoving,
  JOURNAL,
  moveSet,
  performAll,
  type SetMove,
  undoMove,
} from '../../../src/node/setMove';
import { bundleEntry } from '../../helpers/bundleEntry';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { filesOf } from '../../helpers/modelFixtures';

const NAMES = ['a.bin', 'deep/b.bin', 'new.bin', 'main.json'];
const OLD = ['a.bin', 'deep/b.bin', 'main.json'];

async function write(folder: string, names: readonly string[], content: string): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), `${content} ${name}`);
  }
}

/** The contents by name; files that are not there have none. */
async function contents(folder: string): Promise<Record<string, string>> {
  const found = NAMES.map(async (name) => {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => null);
    return text === null ? [] : [[name, text.split(' ')[0]!]];
  });
  return Object.fromEntries((await Promise.all(found)).flat()) as Record<string, string>;
}

const allOld = Object.fromEntries(OLD.map((name) => [name, 'old']));
const allNew = Object.fromEntries(NAMES.map((name) => [name, 'new']));

/** A set about to be moved, as the process `pid` would have made it. */
async function aboutToMove(parent: string, temporaryName: string): Promise<SetMove> {
  const temporary = path.join(parent, temporaryName);
  const target = path.join(parent, 'set');
  await write(target, OLD, 'old');
  await write(temporary, NAMES, 'new');
  return { temporary, target, names: NAMES, replaced: OLD };
}

/** Runs the move in a process that kills itself; tells whether it lived to the end. */
function runMover(entry: string, move: SetMove, steps: number, undo: number | null): boolean {
  const args = [move, steps, undo].map((value) => JSON.stringify(value));
  const { status, signal } = spawnSync(process.execPath, [entry, ...args]);
  assert.ok(status === 0 || signal === 'SIGKILL', `the mover ended with ${status ?? signal}`);
  return status === 0;
}

// No process has this number: it is beyond the largest that Linux and macOS give.
const DEAD = temporaryFolderPrefix().replace(`-${process.pid}-`, '-99999999-');

async function assertRecovered(
  t: TestContext,
  entry: string,
  steps: number,
  undo: number | null,
): Promise<{ readonly lived: boolean; readonly result: 'old' | 'new' }> {
  const parent = await temporaryFolder(t);
  const move = await aboutToMove(parent, `${DEAD}00000000`);
  const lived = runMover(entry, move, steps, undo);
  await recoverMovesInto(move.target);
  const found = await contents(move.target);
  const expected = found['a.bin'] === 'old' ? allOld : allNew;
  assert.deepEqual(found, expected, `a mix after ${steps} steps`);
  return { lived, result: expected === allOld ? 'old' : 'new' };
}

test('a set whose move is killed after any step is one set again when it is opened next', async (t) => {
  const entry = await bundleEntry(t, 'test/unit/node/killedMover.ts');
  const results: string[] = [];
  for (let steps = 1; ; steps++) {
    const { lived, result } = await assertRecovered(t, entry, steps, null);
    results.push(result);
    if (lived) break;
  }
  assert.ok(results.length > 10, `${results.length} steps`);
  assert.equal(results.at(-1), 'new');
  assert.equal(results[0], 'old', 'without a journal nothing has begun');
});

test('a move that is being undone is undone, wherever it is killed', async (t) => {
  const entry = await bundleEntry(t, 'test/unit/node/killedMover.ts');
  for (const undo of [2, 3, 5, 8]) {
    for (let steps = undo; ; steps++) {
      const { lived, result } = await assertRecovered(t, entry, steps, undo);
      if (steps > undo + 2) assert.equal(result, 'old');
      if (lived) break;
    }
  }
});

test('opening a model whose files were half replaced opens one of the two, whole', async (t) => {
  const entry = await bundleEntry(t, 'test/unit/node/killedMover.ts');
  const original = fixturePath('safetensors/lenet5_sharded');
  const names = (await readdir(original)).sort().reverse();
  for (const steps of [3, 4, 6]) {
    const parent = await temporaryFolder(t);
    const target = path.join(parent, 'set');
    const temporary = path.join(parent, `${DEAD}00000001`);
    await cp(original, target, { recursive: true });
    await cp(original, temporary, { recursive: true });
    const shard = path.join(
      temporary,
      names.find((name) => name.endsWith('.safetensors'))!,
    );
    const bytes = await readFile(shard);
    await writeFile(shard, bytes.fill(0, bytes.length - 64));
    const expected = await filesOf(temporary);
    runMover(entry, { temporary, target, names, replaced: names }, steps, null);
    await (await openModelFile(target)).close();
    assert.deepEqual(await filesOf(target), expected);
    assert.deepEqual(await readdir(parent), ['set'], 'the temporary folder is gone');
  }
});

test('files that another process is moving are waited for, not read', async (t) => {
  const parent = await temporaryFolder(t);
  const entry = await bundleEntry(t, 'test/unit/node/killedMover.ts');
  // The folder's name says that this very process, which lives, is moving the files.
  const move = await aboutToMove(parent, `${temporaryFolderPrefix()}00000002`);
  runMover(entry, move, 4, null);
  await assert.rejects(recoverMovesInto(move.target), /another process is replacing its files/);
});

test("another machine's journal is recovered when it is old", async (t) => {
  const parent = await temporaryFolder(t);
  const entry = await bundleEntry(t, 'test/unit/node/killedMover.ts');
  const move = await aboutToMove(parent, '.secateur-01234567-1-00000003');
  runMover(entry, move, 4, null);
  const old = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(path.join(move.temporary, JOURNAL), old, old);
  await utimes(move.temporary, old, old);
  await recoverMovesInto(move.target);
  assert.deepEqual(await contents(move.target), allNew);
});

const FORGED: readonly [string, Record<string, unknown>][] = [
  ['leads out of the folder', { target: '..' }],
  ['leads elsewhere', { target: '/etc' }],
  ['names a file outside', { names: ['../victim'] }],
  ['names a file by an absolute path', { names: ['/etc/victim'] }],
  ['is no journal at all', { names: 7 }],
  ['leads through a link', { target: 'link', names: ['victim'] }],
  ['names a file behind a link', { names: ['inner/victim'] }],
];

for (const [what, fields] of FORGED) {
  test(`a forged journal that ${what} moves nothing`, async (t) => {
    const outer = await temporaryFolder(t);
    const parent = path.join(outer, 'parent');
    await write(path.join(parent, 'set'), ['a.bin'], 'old');
    await write(path.join(outer, 'elsewhere'), ['victim'], 'precious');
    await symlink(path.join(outer, 'elsewhere'), path.join(parent, 'link'));
    await symlink(path.join(outer, 'elsewhere'), path.join(parent, 'set', 'inner'));
    const temporary = path.join(parent, `${DEAD}00000004`);
    await write(temporary, ['victim', 'inner/victim'], 'evil');
    const journal = {
      version: 1,
      direction: 'forward',
      target: 'set',
      replaced: [],
      names: ['victim'],
      folder: await identityOf(temporary),
    };
    await writeFile(path.join(temporary, 'moving.json'), JSON.stringify({ ...journal, ...fields }));
    for (const folder of ['set', 'link']) {
      await recoverMovesInto(path.join(parent, folder)).catch((error: unknown) => {
        assert.match(String(error), /no plain folder/);
      });
    }
    const victim = await readFile(path.join(outer, 'elsewhere', 'victim'), 'utf8');
    assert.equal(victim, 'precious victim');
  });
}

for (const direction of ['forward', 'back']) {
  test(`a journal that came with an archive moves nothing ${direction}, and says so`, async (t) => {
    const parent = await temporaryFolder(t);
    await write(parent, ['a.bin', 'notes.txt'], 'mine');
    const temporary = path.join(parent, '.secateur-00000000-1-00000000');
    await write(temporary, ['notes.txt'], 'evil');
    const names = ['notes.txt'];
    const journal = { version: 1, folder: '1-1', direction, target: '.', names, replaced: [] };
    await writeFile(path.join(temporary, JOURNAL), JSON.stringify(journal));
    const old = new Date('2020-01-01');
    for (const place of [path.join(temporary, JOURNAL), temporary]) await utimes(place, old, old);
    await assert.rejects(recoverMovesInto(parent), /was not written here/);
    assert.equal(await readFile(path.join(parent, 'notes.txt'), 'utf8'), 'mine notes.txt');
    assert.equal(await readFile(path.join(temporary, 'notes.txt'), 'utf8'), 'evil notes.txt');
  });
}

test('a process that was given the number of a killed mover does not hold up its set', async (t) => {
  const parent = await temporaryFolder(t);
  const entry = await bundleEntry(t, 'test/unit/node/killedMover.ts');
  const move = await aboutToMove(parent, `${temporaryFolderPrefix()}00000005`);
  runMover(entry, move, 4, null);
  const old = new Date(Date.now() - 2 * 60 * 1000);
  for (const place of [path.join(move.temporary, JOURNAL), move.temporary]) {
    await utimes(place, old, old);
  }
  await recoverMovesInto(move.target);
  assert.deepEqual(await contents(move.target), allNew);
});

test('a move that can go neither way keeps every file, and is undone when that is possible', async (t) => {
  const parent = await temporaryFolder(t);
  const move = await aboutToMove(parent, `${DEAD}00000006`);
  const forward = moveSet(move);
  while ((await forward.next()).value !== 'moved a.bin');
  // A folder that is not empty stands where a file is to go back: renaming fails.
  const aside = path.join(move.target, 'a.bin');
  await rename(aside, `${aside}.kept`);
  await write(aside, ['in-the-way'], 'other');
  await assert.rejects(performAll(undoMove(move)));
  assert.equal(await isMoving(move.temporary), true);
  await rm(aside, { recursive: true });
  await recoverMovesInto(move.target);
  assert.deepEqual(await contents(move.target), allOld);
});
