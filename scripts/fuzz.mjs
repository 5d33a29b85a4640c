// npm run fuzz [-- FORMAT… --mutants N --seed N]: opens, reads, lowers, prunes, audits and unpacks mutants of every
// fixture, each format's share of them spread over its files. A mutant may be read or refused; it may not crash,
// take more than 2 s of processor time (or hang), need more than 256 MB above its size, or leave a file behind. Mutants that do
// are kept in out/fuzz. The same seed gives the same mutants.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, loadTypeScript } from './bundle.mjs';
import { FuzzProcess } from './fuzzProcess.mjs';
import { installIfStale, root } from './install.mjs';
import { runScript } from './runScript.mjs';

const LIMIT_MS = 2000;
const LIMIT_BYTES = 256 * 1024 * 1024;
/** Folders of test/fixtures, which of their entries belong to the format, and what is done to each first. */
const FORMATS = {
  safetensors: [['safetensors', /./]],
  numpy: [['numpy', /./]],
  tfjs: [['tfjs', /./]],
  keras: [
    ['keras', /^(?!layers$)/],
    ['keras/layers', /\.(keras|h5)$/],
  ],
  onnx: [['onnx', /\.onnx$/]],
  pytorch: [
    ['pytorch', /./],
    ['malicious', /\.(pt|pth|pkl)$/],
  ],
  paddle: [
    ['paddle', /./],
    ['malicious', /\.pdparams$/],
  ],
  'packed-safetensors': [['safetensors', /^(digits|resnet).*\.safetensors$/, packed]],
  'packed-onnx': [['onnx', /^(digits_mlp|lenet5|lstm)_legacy\.onnx$/, packed]],
  'packed-npz': [
    ['packed', /^scipy.*\.npz$/],
    ['packed', /^layers\.npz$/, packed],
  ],
};

installIfStale(root);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutants: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(FORMATS);
const { mutate } = await loadTypeScript('test/fuzz/mutate.ts');
const { createRandom } = await loadTypeScript('src/core/random.ts');
await bundle(['test/fuzz/fuzzChild.ts']);
if (chosen.some((format) => format.startsWith('packed-'))) runScript('build.mjs');
const scratch = await mkdtemp(
  path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'fuzz-'),
);
const findings = path.join(root, 'out/fuzz');
let failures = 0;
try {
  for (const format of chosen) failures += await fuzzFormat(format);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
console.log(
  failures === 0 ? 'no mutant did harm' : `${failures} mutants did harm: see ${findings}`,
);
process.exitCode = failures === 0 ? 0 : 1;

async function fuzzFormat(format) {
  const fixtures = await fixturesOf(format);
  const total = Number(values.mutants);
  const tally = { read: 0, refused: 0, slowestMs: 0, peakBytes: 0, failures: 0 };
  const lanes = Math.max(1, Math.min(4, os.availableParallelism()));
  let next = 0;
  const work = async (lane) => {
    const child = new FuzzProcess({ limitMs: LIMIT_MS, limitBytes: LIMIT_BYTES });
    const folder = path.join(scratch, `${format}-${lane}`);
    for (let index = next++; index < total; index = next++) {
      await fuzzOnce(
        { format, fixture: fixtures[index % fixtures.length], index, folder },
        child,
        tally,
      );
    }
    child.stop();
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  console.log(
    `${format.padEnd(12)} ${total} mutants of ${fixtures.length} fixtures: ${tally.read} read, ${tally.refused} refused, ` +
      `${tally.failures} harmful; slowest ${tally.slowestMs.toFixed(0)} ms, peak ${(tally.peakBytes / 2 ** 20).toFixed(0)} MiB`,
  );
  return tally.failures;
}

/** A fixture is a file, or a folder whose main file is an index; beside a file lies what it names. */
async function fixturesOf(format) {
  const known = FORMATS[format];
  if (known === undefined) throw new Error(`no such format: ${format}`);
  const fixtures = [];
  for (const [folder, pattern, prepare = asItIs] of known) {
    const base = path.join(root, 'test/fixtures', folder);
    for (const name of (await readdir(base)).sort()) {
      if (pattern.test(name)) fixtures.push(await describeFixture(...(await prepare(base, name))));
    }
  }
  return fixtures;
}

function asItIs(base, name) {
  return [base, name];
}

/** A file without most of its weights, packed: its folder and its name. */
async function packed(base, name) {
  const folder = path.join(scratch, 'packed');
  await mkdir(folder, { recursive: true });
  const [pruned, output] = [path.join(folder, name), path.join(folder, `packed-${name}`)];
  secateur(['prune', path.join(base, name), '-o', pruned, '--sparsity', '0.9']);
  secateur(['pack', pruned, '-o', output]);
  return [folder, `packed-${name}`];
}

function secateur(args) {
  const cli = path.join(root, 'dist/cli.js');
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`secateur ${args.join(' ')}: ${stderr}`);
}

async function describeFixture(base, name) {
  const place = path.join(base, name);
  if ((await stat(place)).isDirectory()) {
    const files = (await readdir(place)).sort();
    return { base: place, files, main: files.find((file) => file.endsWith('.json')) };
  }
  const files = [name, `${name}.data`].filter((file) => existsSync(path.join(base, file)));
  return { base, files, main: name };
}

async function fuzzOnce({ format, fixture, index, folder }, child, tally) {
  const random = createRandom(Number(values.seed) * 1_000_003 + index);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of fixture.files)
    await cp(path.join(fixture.base, file), path.join(folder, file));
  const victim = fixture.files[random.below(fixture.files.length)];
  const mutant = mutate(await readFile(path.join(folder, victim)), random);
  await writeFile(path.join(folder, victim), mutant);
  const answer = await child.exercise(path.join(folder, fixture.main));
  const harm = harmOf(answer, mutant.length) ?? (await newFiles(folder, fixture));
  tally.slowestMs = Math.max(tally.slowestMs, answer.milliseconds);
  tally.peakBytes = Math.max(tally.peakBytes, answer.peakBytes);
  if (harm === null) tally[answer.outcome] += 1;
  else {
    tally.failures += 1;
    const kept = path.join(findings, `${format}-${values.seed}-${index}`);
    await mkdir(kept, { recursive: true });
    await cp(folder, kept, { recursive: true });
    console.error(`${fixture.main}, mutant ${index} (kept in ${kept}): ${harm}`);
  }
}

function harmOf(answer, byteLength) {
  if (answer.outcome === 'crashed') return answer.error;
  if (answer.milliseconds > LIMIT_MS) return `took ${answer.milliseconds.toFixed(0)} ms`;
  if (answer.peakBytes > LIMIT_BYTES + byteLength) {
    return `needed ${(answer.peakBytes / 2 ** 20).toFixed(0)} MiB`;
  }
  return null;
}

async function newFiles(folder, fixture) {
  const made = (await readdir(folder)).filter((name) => !fixture.files.includes(name));
  return made.length === 0 ? null : `made ${made.join(', ')}`;
}
