// Every class of layers and operations of Keras on the own executor. The models of test/fixtures/keras/layers
// and their outputs were made with Keras 3.15.1 (TensorFlow 2.21), random weights.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fixturePath } from '../../../helpers/fixtures';
import { numbered, readArrays, relativeDifference, runOnce } from '../../../helpers/outputOracle';

const FOLDER = fixturePath('keras', 'layers');
const FILES = readdirSync(FOLDER).filter((name) => /\.(keras|h5)$/.test(name));

/** Recurrent layers and attention add up more roundings than one product does. */
const LOOSE = /^(recurrent|bidirectional|masks|sequential_mask|attention|open_sequence|time_dist)/;

for (const file of FILES) {
  test(`gives the outputs of Keras for every layer of ${file}`, async () => {
    const [family = ''] = file.split('.');
    const arrays = await readArrays(fixturePath('keras', 'layers', 'outputs.npz'));
    const inputs = numbered(arrays, `${family}.input`);
    const expected = numbered(arrays, `${family}.output`);
    const found = await runOnce(fixturePath('keras', 'layers', file), inputs);
    assert.equal(found.length, expected.length);
    const tolerance = LOOSE.test(family) ? 1e-4 : 1e-5;
    const wrong = found.flatMap((output, i) => {
      const wanted = expected[i]!;
      if (output.shape.join() !== wanted.shape.join()) {
        return [
          `${i} ${output.name}: shape [${output.shape.join()}], not [${wanted.shape.join()}]`,
        ];
      }
      const difference = relativeDifference(output, wanted);
      return difference <= tolerance ? [] : [`${i} ${output.name}: differs by ${difference}`];
    });
    assert.deepEqual(wrong, []);
  });
}
