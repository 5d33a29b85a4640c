import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { makeScoresFolder, removeAbandonedScores } from '../../../src/node/scoresFolder';
import { scoresFolderPrefix } from '../../../src/node/temporaryFolders';
import { temporaryFolder } from '../../helpers/fixtures';

test('a folder of scores is its user alone, and goes when it is removed', async () => {
  const folder = await makeScoresFolder();
  const parent = path.dirname(folder.file);
  const { mode } = await stat(parent);
  assert.ok(process.platform === 'win32' || (mode & 0o777) === 0o700);
  await folder.remove();
  await assert.rejects(stat(parent), { code: 'ENOENT' });
});

test('folders of processes that are gone are cleared away, those of running ones and others are not', async (t) => {
  const parent = await temporaryFolder(t);
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  const own = `${scoresFolderPrefix()}00000000`;
  const abandoned = own.replace(`-${process.pid}-`, `-${gone}-`);
  const others = ['.secateur-scores-x', 'scores', `${own}0`];
  for (const name of [own, abandoned, ...others]) {
    await mkdir(path.join(parent, name, 'inside'), { recursive: true });
  }
  await removeAbandonedScores(parent);
  assert.deepEqual((await readdir(parent)).sort(), [own, ...others].sort());
});
