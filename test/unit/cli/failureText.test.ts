import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { failureText } from '../../../src/cli/failureText';
import { ProcessEndedError } from '../../../src/worker/rpc/processEnd';
import { commandLine, finished } from '../../helpers/commandLine';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';

test('a compute process that ended is told once, with what to do, and no stack', async (t) => {
  const folder = await temporaryFolder(t);
  const installed = path.join(folder, 'cli.js');
  await copyFile(commandLine, installed);
  await writeFile(path.join(folder, 'job.js'), 'process.exit(9);');
  const model = fixturePath('keras/diabetes_mlp.keras');
  const data = fixturePath('datasets/diabetes.csv');
  const args = ['evaluate', model, '--data', data];
  const found = await finished(spawn(process.execPath, [installed, ...args]));
  assert.equal(found.exitCode, 1);
  const told = 'the compute process ended with exit code 9; run the command again, and report it';
  assert.equal(found.stderr.split(told).length, 2, found.stderr);
  assert.doesNotMatch(found.stderr, /internal error|\n\s+at /u);
});

test('a compute process without memory is told with how to need less', () => {
  for (const [reason, detail] of [
    ['out-of-memory', ''],
    ['signal', 'SIGKILL'],
  ] as const) {
    const text = failureText(new ProcessEndedError({ process: 'job', reason, detail }));
    assert.match(text, /take fewer samples \(--rows, --sample\)/u);
  }
});

test('a fault of ours is told with its stack', () => {
  assert.match(failureText(new TypeError('x is not a function')), /please report it:[^]*\n\s+at /u);
});
