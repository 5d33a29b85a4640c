import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { CancelledError, IoError } from '../../../src/core/errors';
import { installPackage, type PackageInstallation } from '../../../src/node/installPackage';
import { temporaryFolder } from '../../helpers/fixtures';

// npm itself, with packages from this disk; what it fetches from elsewhere comes from a port nobody serves.
process.env['npm_config_registry'] = 'http://127.0.0.1:9/';
process.env['npm_config_fetch_retries'] = '0';
process.env['npm_config_update_notifier'] = 'false';

test('a package is whole in its folder when npm and the check are done', async (t) => {
  const { parent, installation } = await prepare(t, 'ok');
  let checked = '';
  await installPackage({
    ...installation,
    check: async (folder) => {
      checked = await readFile(path.join(folder, 'node_modules/local-engine/index.js'), 'utf8');
    },
  });
  assert.equal(checked, 'module.exports = 1;\n');
  assert.deepEqual(await readdir(parent), ['engine', 'source']);
  const installed = await readdir(path.join(parent, 'engine/node_modules'));
  assert.ok(installed.includes('local-engine'));
});

test('what npm cannot fetch fails with its reason and leaves nothing', async (t) => {
  const { parent, installation } = await prepare(t, 'unused');
  const specifier = '@tensorflow/tfjs-node@4.22.0';
  await assert.rejects(installPackage({ ...installation, specifier }), (error) => {
    assert.ok(error instanceof IoError);
    assert.match(error.message, /^npm failed: .*ECONNREFUSED/);
    return true;
  });
  assert.deepEqual(await readdir(parent), ['source']);
});

test('an install script that fails gives its own reason', async (t) => {
  const script = `node -e "throw new Error('the library is not to be had')"`;
  const { parent, installation } = await prepare(t, 'failing', script);
  await assert.rejects(installPackage(installation), /npm failed: Error: the library is not to be/);
  assert.deepEqual(await readdir(parent), ['source']);
});

test('a package that the check rejects is not kept, and the one before it is', async (t) => {
  const { parent, installation } = await prepare(t, 'rejected');
  await mkdir(path.join(parent, 'engine'));
  await writeFile(path.join(parent, 'engine/old'), 'as it was');
  const check = (): Promise<void> => Promise.reject(new Error('it computes nonsense'));
  await assert.rejects(installPackage({ ...installation, check }), /it computes nonsense/);
  assert.deepEqual(await readdir(parent), ['engine', 'source']);
  assert.deepEqual(await readdir(path.join(parent, 'engine')), ['old']);
});

test('a cancel while npm works ends it and leaves nothing', async (t) => {
  const { parent, installation } = await prepare(
    t,
    'cancelled',
    'node -e "setTimeout(() => 0, 60000)"',
  );
  const controller = new AbortController();
  const installing = installPackage({ ...installation, signal: controller.signal });
  setTimeout(() => controller.abort(), 1500);
  const start = performance.now();
  await assert.rejects(installing, CancelledError);
  assert.ok(performance.now() - start < 20_000);
  assert.deepEqual(await readdir(parent), ['source']);
});

/** A package without dependencies, packed by nobody: npm takes it from its folder. */
async function prepare(t: TestContext, version: string, install?: string) {
  const parent = await temporaryFolder(t);
  const source = path.join(parent, 'source');
  await mkdir(source);
  const manifest = {
    name: 'local-engine',
    version: `1.0.0-${version}`,
    ...(install === undefined ? {} : { scripts: { install } }),
  };
  await writeFile(path.join(source, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(source, 'index.js'), 'module.exports = 1;\n');
  const installation: PackageInstallation = {
    specifier: source,
    scriptsOf: 'local-engine',
    folder: path.join(parent, 'engine'),
    check: () => Promise.resolve(),
    onLine: () => undefined,
    signal: new AbortController().signal,
  };
  return { parent, installation };
}
