// Runs bundled tests with Node's own test runner, one process a file, and counts.
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { root } from './install.mjs';

/**
 * @param files bundles, absolute.
 * @param options `concurrency`: files at a time; `fileTimeoutMs`: after this a file is stopped.
 * @returns how many test cases passed and failed; a file that breaks, or holds no test, counts as
 *   one failure, a skipped test as nothing.
 */
export async function runNodeTests(files, { concurrency, fileTimeoutMs }) {
  process.env.SECATEUR_ROOT = root;
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`.trim();
  const counts = { passed: 0, failed: 0 };
  const empty = [];
  const events = run({ files, concurrency, timeout: fileTimeoutMs });
  events.on('test:pass', ({ name, details, skip, todo }) => {
    if (details.type === 'suite' || skip !== undefined || todo !== undefined) return;
    // The runner reports a file in which no test ran as a test of the file's own name that passed.
    if (files.includes(name)) empty.push(name);
    else counts.passed += 1;
  });
  events.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') counts.failed += 1;
  });
  for await (const text of events.compose(new spec())) process.stdout.write(text);
  for (const file of empty) console.error(`✖ ${file} holds no test`);
  return { passed: counts.passed, failed: counts.failed + empty.length };
}
