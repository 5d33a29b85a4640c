import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** The project's own folder. Tests run from bundles, so where they lie does not tell it. */
export const projectRoot = process.env['SECATEUR_ROOT'] ?? process.cwd();

/** The absolute path of a file or folder below test/fixtures. */
export function fixturePath(...segments: readonly string[]): string {
  return path.join(projectRoot, 'test/fixtures', ...segments);
}

/** The bytes of a file below test/fixtures. */
export function readFixture(...segments: readonly string[]): Promise<Buffer> {
  return readFile(fixturePath(...segments));
}

let oracleView: (name: string, oracle: unknown) => unknown = (_, oracle) => oracle;

/** Parses test/fixtures/oracles/`name`.json, e.g. `pruning/lenet5`. The caller knows its shape. */
export async function readOracle(name: string): Promise<unknown> {
  const text = await readFile(fixturePath('oracles', `${name}.json`), 'utf8');
  return oracleView(name, JSON.parse(text));
}

/** From now on oracles are read through `view`, which may note what of them is used. */
export function viewOracles(view: typeof oracleView): void {
  oracleView = view;
}

/** Makes an empty folder that is removed when the test ends. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'secateur-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
