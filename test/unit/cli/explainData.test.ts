import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixturePath } from '../../helpers/fixtures';
import { secateur } from '../../helpers/commandLine';

const LENET = fixturePath('keras', 'lenet5.keras');
const DIGITS = [
  '--data',
  fixturePath('datasets', 'mnist.npz'),
  '--split',
  'test',
  '--rows',
  '0:20',
];

test('pixels that go in unscaled are spoken of, beside the result and when asked', async () => {
  const unscaled = await secateur('evaluate', LENET, ...DIGITS, '--json');
  assert.equal(unscaled.exitCode, 0);
  assert.match(unscaled.stderr, /Suggested: --scale 1\/255; without it/);
  const explained = await secateur('evaluate', LENET, ...DIGITS, '--explain');
  assert.match(explained.stdout, /Guessed: --inputs x_test --labels y_test/);
  assert.match(explained.stdout, /Suggested: --scale 1\/255/);
  const scaled = await secateur('evaluate', LENET, ...DIGITS, '--scale', '1/255', '--json');
  assert.doesNotMatch(scaled.stderr, /Suggested/);
});
