// Every class of layers and operations of Keras on the own executor. The models of test/fixtures/keras/layers
// and their outputs were made with Keras 3.15.1 (TensorFlow 2.21), random weights.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fixturePath } from '../../../helpers/fixtures';
import { numberedArrays, readArrays } from '../../../helpers/npzArrays';
import { wrongOutputs } from '../../../helpers/outputDifference';
import { runModelFile } from '../../../helpers/runModelFile';

const FOLDER = fixturePath('keras', 'layers');
const FILES = readdirSync(FOLDER).filter((name) => /\.(keras|h5)$/.test(name));

/** Recurrent layers and attention add up more roundings than one product does. */
const LOOSE = /^(recurrent|bidirectional|masks|sequential_mask|attention|open_sequence|time_dist)/;

const outputs = readArrays('keras/layers/outputs.npz');

for (const file of FILES) {
  test(`gives the outputs of Keras for every layer of ${file}`, async () => {
    const [family = ''] = file.split('.');
    const arrays = await outputs;
    const inputs = numberedArrays(arrays, `${family}.input`);
    const expected = numberedArrays(arrays, `${family}.output`);
    const found = await runModelFile(fixturePath('keras', 'layers', file), inputs);
    assert.deepEqual(wrongOutputs(found, expected, LOOSE.test(family) ? 1e-4 : 1e-5), []);
  });
}
