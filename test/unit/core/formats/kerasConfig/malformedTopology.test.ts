import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../../../../src/core/errors';
import { readKerasTopology } from '../../../../../src/core/formats/kerasConfig/readKerasTopology';
import { readFixture } from '../../../../helpers/fixtures';
import { tensorsOf } from '../../graph/tensorFixtures';

const tensors = tensorsOf({
  'fc/kernel': [4, 3],
  'fc/bias': [3],
  'conv/kernel': [3, 3, 1, 8],
  'conv/bias': [8],
});

function dense(config: object): object {
  return sequential('Dense', { name: 'fc', units: 3, batch_input_shape: [null, 4], ...config });
}

function conv(config: object): object {
  const base = { name: 'conv', filters: 8, kernel_size: 3, batch_input_shape: [null, 9, 9, 1] };
  return sequential('Conv2D', { ...base, ...config });
}

function sequential(class_name: string, config: object): object {
  return { class_name: 'Sequential', config: { name: 'm', layers: [{ class_name, config }] } };
}

const MALFORMED: readonly (readonly [string, unknown, RegExp])[] = [
  ['a topology that is no object', 7, /modelTopology.*found 7.*an object/],
  ['a model without a class', {}, /class_name.*found nothing.*text/],
  [
    'layers that are no list',
    { class_name: 'Sequential', config: { layers: {} } },
    /layers.*a list/,
  ],
  ['an empty model', { class_name: 'Sequential', config: { layers: [] } }, /layers.*at least one/],
  ['units that are no number', dense({ units: '3' }), /layer fc: units.*"3".*whole numbers from 1/],
  ['units below 1', dense({ units: 0 }), /layer fc: units.*found 0/],
  ['a kernel of other units', dense({ units: 5 }), /fc\/kernel.*\[4, 3\].*\[any, 5\].*units/],
  ['a kernel of other filters', conv({ filters: 9 }), /conv\/kernel.*\[3, 3, 1, 8\].*9\]/],
  ['a kernel of another size', conv({ kernel_size: [5, 3] }), /conv\/kernel.*\[5, 3, any, 8\]/],
  ['a layer without its tensor', dense({ name: 'fc9' }), /layer fc9.*no tensor fc9\/kernel/],
  ['unknown padding', conv({ padding: 'full' }), /layer conv: padding.*"full".*valid, same/],
  ['an unknown data format', conv({ data_format: 'nchw' }), /data_format.*"nchw".*channels_last/],
  ['three strides', conv({ strides: [1, 1, 1] }), /strides.*\[1,1,1\]/],
  ['an endless stride', conv({ strides: Infinity }), /strides/],
  [
    'a bias that is neither there nor not',
    dense({ use_bias: 1 }),
    /use_bias.*found 1.*true or false/,
  ],
  ['an activation that is a number', dense({ activation: 3 }), /activation.*found 3/],
  ['an input shape of text', dense({ batch_input_shape: ['a'] }), /batch_input_shape/],
  [
    'groups that do not divide the filters',
    conv({ groups: 3 }),
    /groups.*found 3.*divisor of the 8 filters/,
  ],
  [
    'two open axes of a reshape',
    sequential('Reshape', { name: 'r', target_shape: [-1, -1], batch_input_shape: [null, 4] }),
    /layer r: target_shape/,
  ],
  ['two layers of one name', twoLayers('fc', 'fc'), /two layers fc/],
  ['a call of a layer that is not there', functional([['gone', 0, 0, {}]]), /call 0 of gone/],
  ['a cycle', functional([['fc', 0, 0, {}]]), /layer fc.*call 0 of fc.*without a cycle/],
  ['a call that is no list', functional(7), /inbound_nodes\[0\].*found 7/],
  [
    'two inputs where one is read',
    functional([
      ['x', 0, 0],
      ['x', 0, 0],
    ]),
    /layer fc.*2 inputs.*1/,
  ],
  ['a model nested without end', nested(40), /nested too deep.*16/],
];

for (const [name, json, message] of MALFORMED) {
  test(`refuses ${name}, naming place, found and allowed`, () => {
    assert.throws(
      () => readKerasTopology(json, tensors),
      (error) => {
        assert.ok(error instanceof FormatError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('answers any damage to a real topology with a graph or a FormatError', async () => {
  const json = JSON.parse((await readFixture('tfjs/resbn/model.json')).toString('utf8')) as {
    modelTopology: object;
    weightsManifest: { weights: { name: string; shape: number[] }[] }[];
  };
  const shapes = json.weightsManifest.flatMap(({ weights }) => weights);
  const own = tensorsOf(Object.fromEntries(shapes.map(({ name, shape }) => [name, shape])));
  const paths = pathsOf(json.modelTopology);
  let refused = 0;
  for (const path of paths) {
    for (const damage of [null, -1, 'x', [], {}]) {
      try {
        readKerasTopology(withDamage(json.modelTopology, path, damage), own);
      } catch (error) {
        assert.ok(error instanceof FormatError, `${path.join('.')}: ${String(error)}`);
        refused++;
      }
    }
  }
  assert.ok(refused > 500, `${refused} of ${paths.length * 5} refused`);
});

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function withDamage(value: unknown, [key, ...rest]: readonly string[], damage: unknown): unknown {
  if (key === undefined) return damage;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const entries = copy as Record<string, unknown>;
  entries[key] = withDamage(entries[key], rest, damage);
  return copy;
}

function functional(call: unknown): object {
  const layers = [
    { class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4] } },
    { class_name: 'Dense', config: { name: 'fc', units: 3 }, inbound_nodes: [call] },
  ];
  const config = {
    name: 'm',
    layers,
    input_layers: [['x', 0, 0]],
    output_layers: [['fc', 0, 0]],
  };
  return { class_name: 'Model', config };
}

function twoLayers(...names: readonly string[]): object {
  const layers = names.map((name) => ({ class_name: 'Dense', config: { name, units: 3 } }));
  return { class_name: 'Sequential', config: { name: 'm', layers } };
}

function nested(depth: number): object {
  let model: object = twoLayers('fc');
  for (let level = 0; level < depth; level++) {
    model = { class_name: 'Sequential', config: { name: `m${level}`, layers: [model] } };
  }
  return model;
}
