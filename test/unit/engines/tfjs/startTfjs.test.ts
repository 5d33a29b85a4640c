import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { nodeBundle } from '../../../../scripts/nodeBundle.mjs';
import { fixturePath, projectRoot, temporaryFolder } from '../../../helpers/fixtures';

const WASM = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';

test('finds WebAssembly beside its minified bundle and prints nothing of its own', async (t) => {
  const bundle = await bundled(t);
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    await cp(path.join(projectRoot, WASM, name), path.join(path.dirname(bundle), name));
  }
  const { engine, correct } = await evaluateIn(bundle);
  assert.match(engine, /^TensorFlow\.js wasm/);
  assert.equal(correct, 384);
});

test('falls back to plain JavaScript where there is no WebAssembly file, with the same result', async (t) => {
  const { engine, correct } = await evaluateIn(await bundled(t));
  assert.match(engine, /^TensorFlow\.js cpu/);
  assert.equal(correct, 384);
});

/** Outside the project, where no package is found: only what lies beside the bundle. */
async function bundled(t: TestContext): Promise<string> {
  const outfile = path.join(await temporaryFolder(t), 'bundledRun.js');
  await build({
    ...nodeBundle,
    absWorkingDir: projectRoot,
    entryPoints: ['test/unit/engines/jobs/bundledRun.ts'],
    outfile,
    minify: true,
    keepNames: true,
  });
  return outfile;
}

async function evaluateIn(bundle: string): Promise<{ engine: string; correct: number }> {
  const model = fixturePath('tfjs/digits_mlp/model.json');
  const data = fixturePath('datasets/digits.npz');
  const run = promisify(execFile);
  const { stdout, stderr } = await run(process.execPath, [bundle, model, data]);
  assert.equal(stderr, '');
  return JSON.parse(stdout) as { engine: string; correct: number };
}
