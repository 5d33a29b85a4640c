import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { cutsByTensor } from '../../../src/core/model/applyCut';
import type { Model } from '../../../src/core/model/model';
import { writeModel } from '../../../src/core/model/writeModel';
import { unattended } from '../../../src/core/progress';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { TensorCut } from '../../../src/core/report/plan';
import { planPrune } from '../../../src/core/selection/planPrune';
import { createModelOutput } from '../../../src/node/modelOutput';
import type { OpenedModelFile } from '../../../src/node/openModel';
import { temporaryFolder } from '../../helpers/fixtures';
import { assertWrittenAsPlanned, writePruned } from '../../helpers/rewrittenModel';
import { copyOfFixture, filesOf, openFixture, openForTest } from '../../helpers/modelFixtures';

const FIXTURES = [
  'tfjs/digits_mlp',
  'tfjs/lenet5',
  'tfjs/resbn',
  'tfjs/autoencoder',
  'tfjs/digits_mlp_with_optimizer',
  'tfjs/digits_mlp_u8_sharded',
  'tfjs/digits_mlp_f16',
  'tfjs/digits_mlp_mixed_groups',
  'tfjs/lenet5_sharded',
  'tfjs/lenet5_u8',
  'tfjs/lenet5_keras3_converter',
  'tfjs/digits_mlp_graph',
  'tfjs/lenet5_graph',
  'safetensors/digits_mlp_f32.safetensors',
  'safetensors/digits_mlp_f16.safetensors',
  'safetensors/digits_mlp_bf16.safetensors',
  'safetensors/digits_mlp_metadata.safetensors',
  'safetensors/resnet.safetensors',
  'safetensors/transformer.safetensors',
  'safetensors/lenet5_sharded',
  'safetensors/edge_dtypes.safetensors',
  'safetensors/edge_unpadded_header_unsorted.safetensors',
  'safetensors/edge_no_tensors.safetensors',
  'numpy/iris_mlp.npz',
  'numpy/iris_mlp_compressed.npz',
  'numpy/iris_mlp_f32_torchlayout.npz',
  'numpy/iris_mlp_positional.npz',
  'numpy/iris_mlp_W1.npy',
  'numpy/edge_fortran.npy',
  'numpy/edge_bigendian_f4.npy',
  'numpy/edge_f16.npy',
  'numpy/edge_unicode.npy',
  'numpy/edge_structured_v1.npy',
];

/** Writes a model beside nothing, into a folder of its own, and returns where it is. */
async function writeTo(
  t: TestContext,
  opened: OpenedModelFile,
  cuts: ReadonlyMap<string, TensorCut>,
): Promise<string> {
  const parent = await temporaryFolder(t);
  const inFolder = opened.sources.length > 1;
  const name = inFolder ? 'copy' : path.basename(opened.path);
  const place = path.join(parent, name);
  const output = await createModelOutput(opened, { output: place, replace: false });
  await writeModel(opened.model, cuts, output, unattended);
  await output.finish();
  await output.commit();
  assert.deepEqual(await readdir(parent), [name], 'nothing else is left behind');
  return place;
}

function originalPlace(opened: OpenedModelFile): string {
  return opened.sources.length > 1 ? path.dirname(opened.path) : opened.path;
}

for (const fixture of FIXTURES) {
  test(`an unedited rewrite of ${fixture} is byte-identical`, async (t) => {
    const opened = await openFixture(t, fixture);
    const copy = await writeTo(t, opened, new Map());
    assert.deepEqual(await filesOf(copy), await filesOf(originalPlace(opened)));
  });
}

/** Which bytes of each file a pruned tensor, or a checksum over one, covers. */
function mayChange(model: Model, pruned: ReadonlySet<string>): Map<string, Uint8Array> {
  const flags = new Map(model.files.map((file) => [file.name, new Uint8Array(file.byteLength)]));
  const flag = (fileIndex: number, byteOffset: number, byteLength: number): void => {
    flags.get(model.files[fileIndex]!.name)!.fill(1, byteOffset, byteOffset + byteLength);
  };
  for (const tensor of model.tensors.filter(({ name }) => pruned.has(name))) {
    for (const span of tensor.spans) flag(span.fileIndex, span.byteOffset, span.byteLength);
  }
  for (const { name, crcOffsets } of model.checksums) {
    if (!pruned.has(name.replace(/\.npy$/, ''))) continue;
    for (const { fileIndex, byteOffset } of crcOffsets) flag(fileIndex, byteOffset, 4);
  }
  return flags;
}

const PRUNED = [
  'tfjs/digits_mlp',
  'tfjs/lenet5',
  'tfjs/resbn',
  'tfjs/lenet5_sharded',
  'tfjs/digits_mlp_f16',
  'tfjs/digits_mlp_u8_sharded',
  'tfjs/digits_mlp_mixed_groups',
  'tfjs/lenet5_u8',
  'tfjs/digits_mlp_with_optimizer',
  'safetensors/resnet.safetensors',
  'safetensors/lenet5_sharded',
  'safetensors/digits_mlp_bf16.safetensors',
  'safetensors/edge_unpadded_header_unsorted.safetensors',
  'numpy/iris_mlp.npz',
  'numpy/edge_bigendian_f4.npy',
];

for (const fixture of PRUNED) {
  test(`a pruned ${fixture} differs only inside the pruned tensors' bytes`, async (t) => {
    const opened = await openFixture(t, fixture);
    const recipe = parseRecipe({ sparsity: 0.5, unitThreshold: 0.2 }, 'test');
    const plan = await planPrune(opened.model, recipe, unattended);
    const cuts = cutsByTensor(plan.entries);
    const copy = await writeTo(t, opened, cuts);
    const allowed = mayChange(opened.model, new Set(cuts.keys()));
    const [before, after] = [await filesOf(originalPlace(opened)), await filesOf(copy)];
    assert.deepEqual([...after.keys()], [...before.keys()]);
    let changed = 0;
    for (const [name, bytes] of before) {
      const written = after.get(name)!;
      assert.equal(written.length, bytes.length);
      for (let i = 0; i < bytes.length; i++) {
        if (bytes[i] === written[i]) continue;
        changed++;
        assert.equal(allowed.get(name)?.[i], 1, `${name} differs at byte ${i}`);
      }
    }
    assert.ok(changed > 0, 'something was pruned');
    const again = await planPrune((await openForTest(t, copy)).model, recipe, unattended);
    assert.deepEqual(
      again.entries.map(({ zerosBefore }) => zerosBefore),
      plan.entries.map(({ zerosAfter }) => zerosAfter),
    );
  });
}

test('a pruned archive of deflated members is packed anew and reads back as planned', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp_compressed.npz');
  const result = await writePruned(t, opened, { sparsity: 0.5, unitThreshold: 0.2 });
  await assertWrittenAsPlanned(t, opened, result);
  assert.ok((await stat(result.written)).size < (await stat(opened.path)).size);
});

test('the same input and recipe give the same bytes', async (t) => {
  const opened = await openFixture(t, 'tfjs/lenet5_sharded');
  const recipe = parseRecipe({ sparsity: 0.8 }, 'test');
  const digests: string[] = [];
  for (let run = 0; run < 2; run++) {
    const plan = await planPrune(opened.model, recipe, unattended);
    const copy = await writeTo(t, opened, cutsByTensor(plan.entries));
    const hash = createHash('sha256');
    for (const bytes of (await filesOf(copy)).values()) hash.update(bytes);
    digests.push(hash.digest('hex'));
  }
  assert.equal(digests[0], digests[1]);
});

test('the output keeps the permissions of the original', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const copy = await writeTo(t, opened, new Map());
  assert.equal((await stat(copy)).mode, (await stat(opened.path)).mode);
});

test('an output that is the original is refused, also through another spelling', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const spelled = path.join(path.dirname(opened.path), '..', 'numpy', 'iris_mlp.npz');
  await assert.rejects(
    createModelOutput(opened, { output: spelled, replace: true }),
    /is the original itself/,
  );
});

test('an output that is there is only replaced when that is asked for', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const output = path.join(await temporaryFolder(t), 'there.npz');
  await writeFile(output, 'precious');
  await assert.rejects(createModelOutput(opened, { output, replace: false }), /exists already/);
  const replaced = await createModelOutput(opened, { output, replace: true });
  await writeModel(opened.model, new Map(), replaced, unattended);
  await replaced.finish();
  await replaced.commit();
  assert.deepEqual(
    (await filesOf(output)).get('there.npz'),
    (await filesOf(opened.path)).get('iris_mlp.npz'),
  );
});

test("a folder output whose shards are the original's is refused, and nothing is touched", async (t) => {
  const folder = await copyOfFixture(t, 'tfjs/lenet5');
  const before = await filesOf(folder);
  const opened = await openForTest(t, folder);
  for (const output of [path.join(folder, 'other.json'), folder]) {
    await assert.rejects(
      createModelOutput(opened, { output, replace: true }),
      /is the original itself/,
    );
  }
  assert.deepEqual(await filesOf(folder), before);
});

test("another model's shards are never replaced", async (t) => {
  const folder = await copyOfFixture(t, 'tfjs/digits_mlp');
  const before = await filesOf(folder);
  const opened = await openFixture(t, 'tfjs/lenet5');
  const output = path.join(folder, 'lenet5.json');
  await assert.rejects(
    createModelOutput(opened, { output, replace: true }),
    /weights\.bin, which belongs to something else/,
  );
  assert.deepEqual(await filesOf(folder), before);
});

test('a set of files is replaced as a whole, or not at all', async (t) => {
  const opened = await openFixture(t, 'tfjs/lenet5_sharded');
  const folder = await copyOfFixture(t, 'tfjs/lenet5_sharded');
  const before = await filesOf(folder);
  const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
  const cuts = cutsByTensor((await planPrune(opened.model, recipe, unattended)).entries);
  const write = async (): Promise<Awaited<ReturnType<typeof createModelOutput>>> => {
    const output = await createModelOutput(opened, { output: folder, replace: true });
    await writeModel(opened.model, cuts, output, unattended);
    await output.finish();
    return output;
  };
  const failing = await write();
  // A file that has gone is noticed before any other is moved.
  await rm(failing.temporaryPath);
  await assert.rejects(failing.commit(), { name: 'IoError' });
  await failing.discard();
  assert.deepEqual(await filesOf(folder), before);
  await (await write()).commit();
  const after = await filesOf(folder);
  assert.deepEqual([...after.keys()], [...before.keys()]);
  assert.notDeepEqual(after, before);
});

test('what is no plain file is never replaced', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const output = path.join(await temporaryFolder(t), 'folder.npz');
  await mkdir(output);
  await assert.rejects(createModelOutput(opened, { output, replace: true }), /no plain file/);
});

test('an output of another extension is refused before anything is written', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const folder = await temporaryFolder(t);
  const output = path.join(folder, 'out.safetensors');
  await assert.rejects(createModelOutput(opened, { output, replace: false }), /name it \*\.npz/);
  assert.deepEqual(await readdir(folder), []);
});

test('folders made for an output that failed go with it', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const folder = await temporaryFolder(t);
  const output = path.join(folder, 'deep', 'er', 'out.npz');
  await (await createModelOutput(opened, { output, replace: false })).discard();
  assert.deepEqual(await readdir(folder), []);
});

test('a bias that cannot be zeroed keeps its units, and that is said', async (t) => {
  const opened = await openFixture(t, 'tfjs/digits_mlp');
  const { model } = opened;
  // The same file with its first bias in codes of which none stands for zero.
  const quantization = { storedDType: 'uint8', scale: 1, min: 0.5 } as const;
  const tensors = model.tensors.map((tensor) =>
    tensor.name === 'fc1/bias' ? { ...tensor, quantization } : tensor,
  );
  const recipe = parseRecipe({ threshold: 0.1, unitThreshold: 100 }, 'test');
  const plan = await planPrune({ ...model, tensors }, recipe, unattended);
  assert.deepEqual(
    plan.entries.map(({ cut }) => cut.zeroedUnits.length),
    [0, 63, 0],
  );
  assert.match(plan.warnings.join(), /fc1: the unit threshold does not apply, its bias cannot/);
});

test('what a killed process left behind is removed by the next one', async (t) => {
  const opened = await openFixture(t, 'numpy/iris_mlp.npz');
  const parent = await temporaryFolder(t);
  const living = await createModelOutput(opened, {
    output: path.join(parent, 'living.npz'),
    replace: false,
  });
  // No process has this number: it is beyond the largest that Linux and macOS give.
  const [name = ''] = await readdir(parent);
  const abandoned = name.replace(`-${process.pid}-`, '-99999999-');
  const foreign = name.replace(/^\.secateur-[0-9a-f]{8}/, '.secateur-01234567');
  await mkdir(path.join(parent, abandoned));
  await mkdir(path.join(parent, foreign));
  const output = await createModelOutput(opened, {
    output: path.join(parent, 'out.npz'),
    replace: false,
  });
  await output.discard();
  // What a living process, or one of another machine, is writing stays.
  assert.deepEqual((await readdir(parent)).sort(), [name, foreign].sort());
  await living.discard();
});
