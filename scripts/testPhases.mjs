// The phases of npm test, in the order they run.
import { bundleTests } from './bundleTests.mjs';
import { runNodeTests } from './runNodeTests.mjs';

/** Each phase answers how many of its test cases passed and failed. */
export const phases = [{ name: 'unit', title: 'Unit tests', run: runUnitTests }];

async function runUnitTests(filters) {
  const files = await bundleTests(['unit', 'webview'], filters);
  if (files.length === 0) throw new Error(`no unit test matches ${filters.join(' ')}`);
  return runNodeTests(files, { concurrency: 2, fileTimeoutMs: 180_000 });
}
