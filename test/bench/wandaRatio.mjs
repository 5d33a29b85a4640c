// Scoring a transformer by wanda beside its forward pass over the same samples, each in a fresh process, in turn.
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, bundledPath, loadTypeScript } from '../../scripts/bundle.mjs';
import { randomNumbers } from './normalNumbers.mjs';
import { BASE_TRANSFORMER, writeTransformer } from './transformerModel.mjs';

const CHILD = 'test/bench/wandaTime.ts';

/**
 * Medians over the rounds, of processor time; the ratio is the median of the rounds' own.
 * @param folder for the files, 1.5 GB
 */
export async function wandaRatio(folder, { samples, rounds }) {
  const model = path.join(folder, 'transformer.onnx');
  const data = path.join(folder, 'tokens.npz');
  const parameters = writeTransformer(model, BASE_TRANSFORMER);
  await writeTokens(data, samples);
  await bundle([CHILD]);
  const output = path.join(folder, 'scores.npz');
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const wanda = await measure({ work: 'wanda', model, data, output });
    times.push({ wanda, forward: await measure({ work: 'forward', model, data, output }) });
  }
  return {
    parameters,
    wanda: median(times.map(({ wanda }) => wanda.seconds)),
    forward: median(times.map(({ forward }) => forward.seconds)),
    ratio: median(times.map(({ wanda, forward }) => wanda.seconds / forward.seconds)),
    peakMegabytes: Math.max(...times.map(({ wanda }) => wanda.peakMegabytes)),
    forwardPeakMegabytes: Math.max(...times.map(({ forward }) => forward.peakMegabytes)),
  };
}

async function writeTokens(file, samples) {
  const { encodeNpz } = await loadTypeScript('src/core/formats/numpy/encodeNpz.ts');
  const { positions, vocabulary } = BASE_TRANSFORMER;
  const random = randomNumbers(2);
  const values = Float32Array.from({ length: samples * positions }, () =>
    Math.floor(random() * vocabulary),
  );
  writeFileSync(file, encodeNpz([{ name: 'input_ids', shape: [samples, positions], values }]));
}

function measure(request) {
  const child = fork(bundledPath(CHILD), [], { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${request.work} ended with ${code}`)));
    child.send(request);
  });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
