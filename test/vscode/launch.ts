import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { fixturePath, projectRoot } from '../helpers/fixtures';

/** What to run, chosen by scripts/apiTests.mjs. */
export interface LaunchOptions {
  /** The VS Code to start; its own download by `@vscode/test-electron` when absent. */
  readonly executable?: string;
  /** Bundled suites, absolute. */
  readonly suites: readonly string[];
  /** Where the suite writes its counts. */
  readonly countsFile: string;
}

/**
 * Runs the suites inside VS Code's extension host, on a copy of the fixtures they open.
 * @throws Error when VS Code ends with another exit code than 0, that is also when a test fails.
 */
export async function launch({ executable, suites, countsFile }: LaunchOptions): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'secateur-'));
  try {
    const workspace = path.join(folder, 'workspace');
    await cp(fixturePath('tfjs/lenet5'), path.join(workspace, 'lenet5'), { recursive: true });
    await runTests({
      ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: path.join(projectRoot, 'out/test/vscode/runSuites.js'),
      // Folders of its own: neither the user's settings nor the user's extensions take part.
      launchArgs: [
        workspace,
        `--user-data-dir=${path.join(folder, 'user')}`,
        `--extensions-dir=${path.join(folder, 'extensions')}`,
      ],
      extensionTestsEnv: {
        VSCODE_TEST_SUITES: JSON.stringify(suites),
        VSCODE_TEST_COUNTS: countsFile,
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
