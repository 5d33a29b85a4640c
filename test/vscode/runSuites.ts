import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { requiredEnvironment } from '../helpers/requiredEnvironment';

/**
 * What VS Code calls in its extension host: runs the suites named by the launcher, writes how many
 * tests passed and failed, and rejects when any failed, which becomes the exit code.
 */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, forbidOnly: true });
  for (const suite of JSON.parse(requiredEnvironment('VSCODE_TEST_SUITES')) as string[]) {
    mocha.addFile(suite);
  }
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failed) => {
      const passed = runner.stats?.passes ?? 0;
      writeFileSync(requiredEnvironment('VSCODE_TEST_COUNTS'), JSON.stringify({ passed, failed }));
      if (failed === 0) resolve();
      else reject(new Error(`${failed} tests failed`));
    });
  });
}
