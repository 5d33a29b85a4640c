import { copyFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type OpenedModelFile, openModelFile } from '../../src/node/openModel';
import { fixturePath, temporaryFolder } from './fixtures';

/** Opens a model below test/fixtures; it is closed when the test ends. */
export async function openFixture(t: TestContext, ...segments: string[]): Promise<OpenedModelFile> {
  return openForTest(t, fixturePath(...segments));
}

/** Opens a model by its path; it is closed when the test ends. */
export async function openForTest(t: TestContext, file: string): Promise<OpenedModelFile> {
  const opened = await openModelFile(file);
  t.after(() => opened.close());
  return opened;
}

/** Copies a fixture (a file or a folder of files) to a temporary folder and returns the copy's path. */
export async function copyOfFixture(t: TestContext, ...segments: string[]): Promise<string> {
  const source = fixturePath(...segments);
  const target = path.join(await temporaryFolder(t), path.basename(source));
  if (!(await stat(source)).isDirectory()) {
    await copyFile(source, target);
    return target;
  }
  await mkdir(target);
  for (const name of await readdir(source)) {
    await copyFile(path.join(source, name), path.join(target, name));
  }
  return target;
}

/** Every file of a folder (or the one file) with its bytes, by name. */
export async function filesOf(place: string): Promise<Map<string, Buffer>> {
  if (!(await stat(place)).isDirectory())
    return new Map([[path.basename(place), await readFile(place)]]);
  const names = (await readdir(place)).sort();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(place, name))] as const),
    ),
  );
}
