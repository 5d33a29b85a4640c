import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferLayers } from '../../../../src/core/graph/inferLayers';
import type { Layer } from '../../../../src/core/model/model';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath, readOracle } from '../../../helpers/fixtures';
import { tensorsOf } from './tensorFixtures';

type LayerShapes = Readonly<Record<string, readonly number[]>>;

for (const [file, oracle] of [
  ['safetensors/resnet.safetensors', 'resnet'],
  ['safetensors/transformer.safetensors', 'transformer'],
  ['safetensors/digits_mlp_f32.safetensors', 'digits_mlp'],
  ['safetensors/digits_mlp_bf16.safetensors', 'digits_mlp'],
  ['safetensors/lenet5_sharded/model.safetensors.index.json', 'lenet5'],
  ['numpy/iris_mlp_f32_torchlayout.npz', 'iris_mlp'],
] as const) {
  test(`finds the weights of ${file} that torch prunes, and no others`, async () => {
    const expected = await prunedByTorch(oracle);
    const layers = await inferOf(file);
    const found = layers.filter(({ prunable }) => prunable);
    assert.deepEqual(
      new Set(found.map(({ name, weight }) => `${name} ${weight ?? ''}`)),
      new Set(Object.keys(expected).map((name) => `${name} ${name}.weight`)),
    );
    for (const { name, unitAxis, unitCount } of found) {
      assert.equal(unitAxis, 0, name);
      assert.equal(unitCount, expected[name]?.[0], name);
    }
  });
}

for (const [file, weights, biases] of [
  ['numpy/iris_mlp.npz', ['W1', 'W2'], ['b1', 'b2']],
  ['numpy/iris_mlp_compressed.npz', ['W1', 'W2'], ['b1', 'b2']],
  ['numpy/iris_mlp_positional.npz', ['arr_0', 'arr_2'], ['arr_1', 'arr_3']],
] as const) {
  test(`pairs weights and biases of ${file} and finds its units on the last axis`, async () => {
    const found = await inferOf(file);
    const expected = Object.values(await prunedByTorch('iris_mlp'));
    assert.deepEqual(
      found.map(({ weight }) => weight),
      weights,
    );
    assert.deepEqual(
      found.map(({ bias }) => bias),
      biases,
    );
    for (const [i, { unitAxis, unitCount, prunable }] of found.entries()) {
      assert.deepEqual([unitAxis, unitCount, prunable], [1, expected[i]?.[0], true]);
    }
  });
}

test('locks a position embedding and the norms of the transformer with their reasons', async () => {
  const layers = await inferOf('safetensors/transformer.safetensors');
  assert.equal(layerOf(layers, 'pos').lockedBy, 'positional');
  assert.equal(layerOf(layers, 'layers.0.ln1').lockedBy, 'normalization');
  assert.equal(layerOf(layers, 'ln').operator, 'normalization');
});

test('groups all tensors of a batch normalisation, also one whose name does not tell', async () => {
  const layers = await inferOf('safetensors/resnet.safetensors');
  const { operator, parameters } = layerOf(layers, 'layer2.0.down.1');
  assert.equal(operator, 'normalization');
  assert.equal(parameters.length, 5);
});

test('keeps the order in which the bytes lie', () => {
  const reversed = [...tensorsOf({ 'a.weight': [2, 3], 'b.weight': [4, 2] })].reverse();
  assert.deepEqual(
    inferLayers(reversed).map(({ name }) => name),
    ['a', 'b'],
  );
});

test('reads Keras names as kernels with units last', () => {
  const layers = inferLayers(
    tensorsOf({
      'conv/kernel:0': [3, 3, 8, 16],
      'conv/bias:0': [16],
      'depth/depthwise_kernel': [3, 3, 16, 1],
      'bn/gamma': [16],
      'bn/moving_mean': [16],
      'fc/kernel': [16, 16],
    }),
  );
  assert.deepEqual(
    layers.map(({ name, operator, unitAxis }) => [name, operator, unitAxis]),
    [
      ['conv', 'conv2d', 3],
      ['depth', 'depthwiseConv2d', 2],
      ['bn', 'normalization', null],
      ['fc', 'dense', 1],
    ],
  );
  assert.equal(layerOf(layers, 'conv').bias, 'conv/bias:0');
});

test("believes the bias's length before the framework's naming", () => {
  const layers = inferLayers(
    tensorsOf({ 'h.0.attn.c_attn.weight': [768, 2304], 'h.0.attn.c_attn.bias': [2304] }),
  );
  assert.equal(layers[0]?.unitAxis, 1);
  assert.equal(layers[0].bias, 'h.0.attn.c_attn.bias');
});

test('lets the chain of shapes decide where there are no biases', () => {
  const inOut = inferLayers(tensorsOf({ W1: [4, 8], W2: [8, 8], W3: [8, 3] }));
  assert.deepEqual(
    inOut.map(({ unitAxis }) => unitAxis),
    [1, 1, 1],
  );
  const outIn = inferLayers(tensorsOf({ W1: [8, 4], W2: [8, 8], W3: [3, 8] }));
  assert.deepEqual(
    outIn.map(({ unitAxis }) => unitAxis),
    [0, 0, 0],
  );
});

test('takes a square matrix alone as PyTorch would store it', () => {
  assert.equal(inferLayers(tensorsOf({ W: [5, 5], b: [5] }))[0]?.unitAxis, 0);
});

test('knows embeddings by name unless they have a bias', () => {
  const layers = inferLayers(
    tensorsOf({
      'model.embed_tokens.weight': [100, 16],
      'wpe.weight': [32, 16],
      'emb.weight': [16, 8],
      'emb.bias': [16],
    }),
  );
  assert.deepEqual(
    layers.map(({ operator, lockedBy }) => [operator, lockedBy]),
    [
      ['embedding', null],
      ['dense', 'positional'],
      ['dense', null],
    ],
  );
});

test('counts no units where gates share the axis, and names each recurrent weight', () => {
  const layers = inferLayers(
    tensorsOf({
      'lstm.weight_ih_l0': [96, 1],
      'lstm.weight_hh_l0': [96, 24],
      'lstm.bias_ih_l0': [96],
      'lstm.bias_hh_l0': [96],
    }),
  );
  assert.deepEqual(
    layers.map(({ name, unitAxis, prunable }) => [name, unitAxis, prunable]),
    [
      ['lstm.weight_ih_l0', null, true],
      ['lstm.weight_hh_l0', null, true],
    ],
  );
});

test('leaves class tokens, index tables, counters and whole numbers alone', () => {
  const layers = inferLayers([
    ...tensorsOf({ cls_token: [1, 1, 32], 'attn.relative_position_index': [49, 49], scale: [] }),
    ...tensorsOf({ 'codes.weight': [8, 8] }, 'int32'),
  ]);
  assert.deepEqual(layers.map(({ lockedBy }) => lockedBy).sort(), [
    'dtype',
    'no-weight',
    'positional',
    'rank',
  ]);
});

test('leaves optimizer variables out', () => {
  const [weight] = tensorsOf({ 'fc.weight': [2, 2] });
  assert.deepEqual(inferLayers([{ ...weight!, role: 'optimizer' }]), []);
});

async function inferOf(file: string): Promise<readonly Layer[]> {
  const opened = await openModelFile(fixturePath(file));
  await opened.close();
  return inferLayers(opened.model.tensors);
}

async function prunedByTorch(name: string): Promise<LayerShapes> {
  const { magnitude } = (await readOracle(`pruning/${name}`)) as {
    magnitude: { layers: LayerShapes };
  };
  return magnitude.layers;
}

function layerOf(layers: readonly Layer[], name: string): Layer {
  const layer = layers.find((candidate) => candidate.name === name);
  assert.ok(layer, `a layer ${name}`);
  return layer;
}

test('tells the layout of convolutions without telling names by their small window', () => {
  for (const [shape, axis] of [
    [[3, 64, 128], 2],
    [[128, 64, 3], 0],
    [[5, 5, 32, 64], 3],
    [[64, 32, 5, 5], 0],
    [[3, 3, 3, 16, 32], 4],
    [[32, 16, 3, 3, 3], 0],
  ] as const) {
    const [layer] = inferLayers(tensorsOf({ mix: shape }));
    assert.equal(layer?.unitAxis, axis, shape.join());
  }
});

test('takes the direction of a weight-normalised layer for its weight, and locks the magnitude', () => {
  const layers = inferLayers(
    tensorsOf({
      'conv.weight_g': [16, 1, 1],
      'conv.weight_v': [16, 8, 3],
      'conv.bias': [16],
      'fc.bias': [10],
      'fc.parametrizations.weight.original0': [10, 1],
      'fc.parametrizations.weight.original1': [10, 16],
      'lstm.weight_ih_l0_g': [96, 1],
      'lstm.weight_ih_l0_v': [96, 24],
      'lstm.weight_hh_l0_v': [96, 24],
      'lstm.weight_hh_l0_g': [96, 1],
    }),
  );
  assert.deepEqual(
    layers.map(({ name, weight, bias, unitAxis, lockedBy }) => [
      name,
      weight,
      bias,
      unitAxis,
      lockedBy,
    ]),
    [
      ['conv.weight_g', undefined, undefined, null, 'normalization'],
      ['conv', 'conv.weight_v', 'conv.bias', 0, null],
      ['fc.parametrizations.weight.original0', undefined, undefined, null, 'normalization'],
      ['fc', 'fc.parametrizations.weight.original1', 'fc.bias', 0, null],
      ['lstm.weight_ih_l0_g', undefined, undefined, null, 'normalization'],
      ['lstm.weight_ih_l0', 'lstm.weight_ih_l0_v', undefined, null, null],
      ['lstm.weight_hh_l0', 'lstm.weight_hh_l0_v', undefined, null, null],
      ['lstm.weight_hh_l0_g', undefined, undefined, null, 'normalization'],
    ],
  );
});

test('leaves names alone that only look like weight normalisation', () => {
  const layers = inferLayers(tensorsOf({ 'gate.weight_g': [8, 8], 'x.original1': [8, 8] }));
  assert.deepEqual(
    layers.map(({ prunable }) => prunable),
    [true, true],
  );
});

test('infers 20,000 normalisation layers in less than 2 s', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `blocks.${i}.norm`);
  const tensors = tensorsOf(
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name}.weight`, [4]],
        [`${name}.bias`, [4]],
      ]),
    ),
  );
  const start = process.cpuUsage();
  const layers = inferLayers(tensors);
  const { user, system } = process.cpuUsage(start);
  assert.equal(layers.length, names.length);
  assert.ok(layers.every(({ parameters }) => parameters.length === 2));
  assert.ok(user + system < 2_000_000, `${user + system} µs`);
});
