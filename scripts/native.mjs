// TFJS_NODE_DIR=/path npm run native: compares the native engine (@tensorflow/tfjs-node, installed below that
// folder) with the reference outputs of the fixtures and, in gradients and speed, with WebAssembly.
// Not among the tests, because the package is never a dependency: its library is downloaded on install.
import { fork } from 'node:child_process';
import path from 'node:path';
import { bundle, bundledPath } from './bundle.mjs';
import { installIfStale, root } from './install.mjs';

const PROGRAM = 'test/native/measureEngine.ts';
/** Of the L2 norm of the difference to the norm of WebAssembly's gradient. */
const LARGEST_RELATIVE_DIFFERENCE = 1e-3;
const failures = [];

const folder = process.env.TFJS_NODE_DIR;
if (!folder) {
  console.log(`Not run: TFJS_NODE_DIR is not set. To compare with the native engine:
  npm install --prefix FOLDER @tensorflow/tfjs-node@4.22.0
  TFJS_NODE_DIR=FOLDER npm run native`);
  process.exit(0);
}
installIfStale(root);
await bundle([PROGRAM]);
const wasm = await measure([]);
const native = await measure([path.resolve(folder)]);
console.log(`${native.engine} beside ${wasm.engine}\n`);
for (const { model, text, kept } of native.outputs) {
  console.log(`${kept ? ' ' : '✖'} ${model.padEnd(42)} outputs ${text}`);
  if (!kept) failures.push(`${model}: outputs ${text}`);
}
for (const [model, gradients] of wasm.gradients) {
  const differences = [...gradients].map(([name, expected]) =>
    relativeDifference(native.gradients.get(model).get(name), expected),
  );
  const worst = Math.max(...differences);
  const what = `gradients of ${differences.length} tensors, worst ${worst.toExponential(1)}`;
  console.log(`  ${model.padEnd(42)} ${what}`);
  if (!(worst <= LARGEST_RELATIVE_DIFFERENCE)) failures.push(`${model}: ${what}`);
}
for (const [what, time] of wasm.times) {
  const other = native.times.get(what);
  const ratio = (time / other).toFixed(2);
  console.log(
    `${what}: native ${other.toFixed(2)} ms, wasm ${time.toFixed(2)} ms: ${ratio}x as fast`,
  );
}
for (const failure of failures) console.error(`✖ ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Each engine has a process of its own, because one starts for good. */
function measure(args) {
  return new Promise((resolve, reject) => {
    const child = fork(bundledPath(PROGRAM), args, {
      env: { ...process.env, SECATEUR_ROOT: root },
      serialization: 'advanced',
    });
    let measures = null;
    child.on('message', (message) => {
      measures = message;
    });
    child.on('exit', (code, signal) => {
      if (measures === null)
        reject(new Error(`${PROGRAM} ended (${signal ?? `exit code ${code}`})`));
      else resolve(measures);
    });
  });
}

function relativeDifference(found, expected) {
  let difference = 0;
  let norm = 0;
  expected.forEach((value, i) => {
    difference += (found[i] - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-12);
}
