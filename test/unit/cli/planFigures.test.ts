import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../../src/core/report/report';
import { secateur } from '../../helpers/commandLine';
import { fixturePath } from '../../helpers/fixtures';

const HALF = ['--sparsity', '0.5'];

test('a report counts multiply-accumulates with weights that are not zero', async () => {
  const lenet5 = fixturePath('onnx/lenet5_legacy.onnx');
  const plain = await secateur('plan', lenet5, ...HALF, '--json');
  const { totals, layers } = JSON.parse(plain.stdout) as Report;
  // conv1 and conv2 are used at 28 x 28 and 10 x 10 places, the dense layers once.
  const places = [784, 100, 1, 1, 1];
  const macs = (left: (i: number) => number): number =>
    places.reduce((sum, uses, i) => sum + uses * left(i), 0);
  const { macsBefore, macsAfter } = totals;
  assert.equal(
    macsBefore,
    macs((i) => layers[i]!.elementCount),
  );
  assert.equal(
    macsAfter,
    macs((i) => layers[i]!.elementCount - layers[i]!.zerosAfter),
  );
  const printed = await secateur('plan', lenet5, ...HALF);
  assert.ok(
    printed.stdout.includes(
      macs((i) => layers[i]!.elementCount - layers[i]!.zerosAfter).toLocaleString('en-US'),
    ),
    printed.stdout,
  );
  const file = fixturePath('safetensors/digits_mlp_f32.safetensors');
  const unknown = await secateur('plan', file, ...HALF, '--json');
  assert.equal((JSON.parse(unknown.stdout) as Report).totals.macsBefore, undefined);
});
