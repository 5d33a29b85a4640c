// The phases of npm test, in the order they run.
import { runApiTests } from './apiTests.mjs';
import { bundleTests } from './bundleTests.mjs';
import { runNodeTests } from './runNodeTests.mjs';
import { runScript } from './runScript.mjs';
import { runUiTests } from './uiTests.mjs';

/** Each phase is given the filters and answers how many of its test cases passed and failed. */
export const phases = [
  { name: 'build', title: 'Build', run: step('build.mjs') },
  { name: 'check', title: 'Types, lint, formatting', run: step('check.mjs') },
  { name: 'unit', title: 'Unit and webview tests', needs: ['build'], run: runUnitTests },
  { name: 'api', title: 'API tests in the extension host', needs: ['build'], run: runApiTests },
  { name: 'ui', title: 'UI tests in VS Code', needs: ['build'], run: runUiTests },
];

/** A script that passes or fails as a whole: it is no test case, but its failure counts. */
function step(script) {
  return async () => {
    runScript(script);
    return { passed: 0, failed: 0 };
  };
}

async function runUnitTests(filters) {
  const files = await bundleTests(['unit', 'webview'], filters);
  if (files.length === 0) throw new Error(`no unit test matches ${filters.join(' ')}`);
  return runNodeTests(files, { concurrency: 2, fileTimeoutMs: 180_000 });
}
