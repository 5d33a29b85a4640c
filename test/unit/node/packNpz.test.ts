import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { FormatError, UnsupportedError } from '../../../src/core/errors';
import { readZipDirectory } from '../../../src/core/formats/zip/readZipDirectory';
import { readTensorValues } from '../../../src/core/model/readTensor';
import { readTensorBytes } from '../../../src/core/model/streamTensor';
import { streamInCOrder } from '../../../src/core/model/streamInCOrder';
import { unattended } from '../../../src/core/progress';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../src/core/selection/planPrune';
import { memorySource } from '../../../src/core/formats/memorySource';
import { packFile, unpackFile } from '../../../src/node/packFile';
import { fixturePath, temporaryFolder } from '../../helpers/fixtures';
import { openForTest } from '../../helpers/modelFixtures';
import { npyFile, type NpyFile } from '../../helpers/npyFile';
import { seededRandom } from '../../helpers/random';
import { runModelFile } from '../../helpers/runModelFile';
import { makeZip } from '../../helpers/zipArchive';

type Arrays = Readonly<Record<string, NpyFile>>;

async function made(
  t: TestContext,
  arrays: Arrays,
  forms: { readonly deflated?: boolean; readonly others?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { deflated = false, others = {} } = forms;
  const members = [
    ...Object.entries(others).map(([name, text]) => ({ name, bytes: Buffer.from(text), deflated })),
    ...Object.entries(arrays).map(([name, array]) => ({
      name: `${name}.npy`,
      bytes: npyFile(array),
      deflated,
    })),
  ];
  const file = path.join(await temporaryFolder(t), 'made.npz');
  await writeFile(file, makeZip({ members }).bytes);
  return file;
}

/** Random bytes of which whole elements are zero. */
function sparse(descr: string, shape: readonly number[], kept: number): NpyFile {
  const random = seededRandom(31 * shape.length + 100 * kept);
  const elementBytes = Number(descr.slice(2));
  const count = shape.reduce((product, size) => product * size, 1);
  const data = new Uint8Array(count * elementBytes);
  for (let i = 0; i < count; i++) {
    if (random() >= kept) continue;
    for (let b = 0; b < elementBytes; b++)
      data[i * elementBytes + b] = 1 + Math.floor(255 * random());
  }
  return { descr, shape, data: descr === '|b1' ? data.map((byte) => Math.min(byte, 1)) : data };
}

async function packAndBack(
  t: TestContext,
  file: string,
): Promise<{ packed: string; back: string; result: Awaited<ReturnType<typeof packFile>> }> {
  const folder = await temporaryFolder(t);
  const packed = path.join(folder, 'packed.npz');
  const back = path.join(folder, 'back.npz');
  const result = await packFile(file, packed, unattended);
  await unpackFile(packed, back, unattended);
  return { packed, back, result };
}

/** The members of an archive and their bytes as they stand in it. */
async function membersOf(file: string): Promise<ReadonlyMap<string, Buffer>> {
  const bytes = await readFile(file);
  const members = await readZipDirectory(memorySource('file', bytes), 'npz');
  return new Map(
    members.map(({ name, dataOffset, compressedBytes }) => [
      name,
      bytes.subarray(dataOffset, dataOffset + compressedBytes),
    ]),
  );
}

/** Type and bytes in C order of every array of a file. */
async function contentOf(t: TestContext, file: string): Promise<Record<string, string>> {
  const { model } = await openForTest(t, file);
  const content: Record<string, string> = {};
  for (const tensor of model.tensors) {
    const parts: Buffer[] = [];
    for await (const bytes of streamInCOrder(model, tensor)) parts.push(Buffer.from(bytes));
    const { dtype, shape, littleEndian } = tensor;
    const type = `${dtype} ${String(littleEndian)} ${shape.join('x')}`;
    content[tensor.name] = `${type} ${Buffer.concat(parts).toString('hex')}`;
  }
  return content;
}

const DESCRS = ['<f4', '>f4', '<f2', '<f8', '>f8', '|i1', '|u1', '<i2', '>i4', '<i8', '|b1'];
const COMPLEX = ['<c8', '>c8', '<c16'];
const SHAPES: readonly (readonly number[])[] = [[], [1], [900], [50, 70], [12, 3, 5, 5], [700, 1]];

for (const descr of [...DESCRS, ...COMPLEX]) {
  test(`${descr} arrays of every shape come back with their types and bits`, async (t) => {
    const arrays = Object.fromEntries(
      SHAPES.flatMap((shape, i) =>
        [0, 0.1, 1].map((kept): [string, NpyFile] => [`t${i}/${kept}`, sparse(descr, shape, kept)]),
      ),
    );
    const file = await made(t, arrays);
    const { packed, back, result } = await packAndBack(t, file);
    const expected = await contentOf(t, file);
    assert.deepEqual(await contentOf(t, packed), expected);
    assert.deepEqual(await contentOf(t, back), expected);
    assert.deepEqual(Object.keys(await contentOf(t, packed)), Object.keys(expected));
    assert.ok(result.tensors.some(({ leftBecause }) => leftBecause === null));
    assert.equal((await readFile(packed)).length, result.bytesAfter);
  });
}

test('arrays in Fortran order keep their values', async (t) => {
  const file = await made(t, {
    a: { ...sparse('<f4', [40, 60], 0.1), fortranOrder: true },
    b: { ...sparse('<f8', [9, 8, 7], 0.1), fortranOrder: true },
  });
  const { packed, back, result } = await packAndBack(t, file);
  assert.deepEqual(
    result.tensors.map(({ leftBecause }) => leftBecause),
    [null, null],
  );
  assert.deepEqual(await contentOf(t, packed), await contentOf(t, file));
  assert.deepEqual(await contentOf(t, back), await contentOf(t, file));
});

test('a negative zero, NaN and infinities are kept with their bits', async (t) => {
  const words = new Uint32Array(2048);
  words.set([0x80000000, 0x7fc00001, 0xff800000, 1]);
  const data = new Uint8Array(words.buffer);
  const file = await made(t, { w: { descr: '<f4', shape: [32, 64], data } });
  const { back, result } = await packAndBack(t, file);
  assert.equal(result.tensors[0]?.kept, 4);
  assert.deepEqual(await contentOf(t, back), await contentOf(t, file));
});

test('the arrays of a packed one are those of a compressed sparse row matrix', async (t) => {
  const array = sparse('<f4', [24, 5, 13], 0.1);
  const words = new Uint32Array(array.data.buffer);
  const { packed } = await packAndBack(
    t,
    await made(t, { 'x.w': array, b: sparse('<f4', [24], 1) }),
  );
  const members = await membersOf(packed);
  const data = (part: string): Buffer => {
    const member = members.get(`x.w.${part}.npy`)!;
    return Buffer.from(member.subarray(10 + member.readUInt16LE(8)));
  };
  const ints = (part: string): number[] => [...new Int32Array(new Uint8Array(data(part)).buffer)];
  const indices: number[] = [];
  const indptr = [0];
  for (let row = 0; row < 24; row++) {
    for (let column = 0; column < 65; column++)
      if (words[65 * row + column] !== 0) indices.push(column);
    indptr.push(indices.length);
  }
  assert.deepEqual(ints('indices'), indices);
  assert.deepEqual(ints('indptr'), indptr);
  assert.deepEqual(
    new Uint8Array(data('data')),
    new Uint8Array(words.filter((word) => word !== 0).buffer),
  );
  assert.equal(data('format').toString(), 'csr');
  assert.deepEqual([...new BigInt64Array(new Uint8Array(data('shape')).buffer)], [24n, 5n, 13n]);
});

test('the one matrix of an archive has the arrays of scipy.sparse.save_npz, and keeps its name', async (t) => {
  for (const [name, more] of [
    ['arr_0', []],
    ['dense/kernel', ['name.npy']],
  ] as const) {
    const file = await made(t, { [name]: sparse('<f4', [50, 60], 0.1) });
    const { packed, back } = await packAndBack(t, file);
    const parts = ['indices.npy', 'indptr.npy', 'format.npy', 'shape.npy', 'data.npy', ...more];
    assert.deepEqual([...(await membersOf(packed)).keys()], parts);
    assert.deepEqual(await contentOf(t, back), await contentOf(t, file));
  }
});

for (const name of ['scipy_matrix', 'scipy_matrix_compressed', 'scipy_array', 'scipy_zeros']) {
  test(`${name}.npz of SciPy opens as the dense array, and unpacks to it`, async (t) => {
    const { model } = await openForTest(t, fixturePath(`packed/${name}.npz`));
    const dense = (await openForTest(t, fixturePath(`packed/${name}.npy`))).model;
    const [tensor] = model.tensors;
    const [expected] = dense.tensors;
    assert.equal(model.tensors.length, 1);
    assert.equal(tensor!.name, 'arr_0');
    assert.deepEqual([tensor!.dtype, tensor!.shape], [expected!.dtype, expected!.shape]);
    const values = await readTensorValues(dense, expected!);
    assert.deepEqual(await readTensorValues(model, tensor!), values);
    const back = path.join(await temporaryFolder(t), 'back.npz');
    await unpackFile(fixturePath(`packed/${name}.npz`), back, unattended);
    const unpacked = (await openForTest(t, back)).model;
    assert.deepEqual(await readTensorValues(unpacked, unpacked.tensors[0]!), values);
  });
}

test('sparse matrices of other forms stay the arrays that they are', async (t) => {
  const { model } = await openForTest(t, fixturePath('packed/scipy_columns.npz'));
  assert.deepEqual(
    model.tensors.map(({ name }) => name),
    ['indices', 'indptr', 'format', 'shape', 'data'],
  );
});

test('any part of a packed array can be read, in any order', async (t) => {
  for (const shape of [
    [300, 70],
    [1, 21000],
    [7000, 3],
  ]) {
    const array = sparse('<f4', shape, 0.1);
    const { packed } = await packAndBack(t, await made(t, { w: array, v: array }));
    const { model } = await openForTest(t, packed);
    const random = seededRandom(4);
    for (let round = 0; round < 60; round++) {
      const begin = Math.floor(random() * 84000);
      const target = new Uint8Array(Math.floor(random() * (84000 - begin)));
      await readTensorBytes(model, model.tensors[0]!, begin, target);
      assert.deepEqual(target, array.data.slice(begin, begin + target.length));
    }
  }
});

test('rows without elements, and all of them, come back', async (t) => {
  const words = new Float32Array(100 * 40);
  words[40 * 3] = 1;
  words[40 * 3 + 39] = 2;
  words[40 * 99 + 39] = 3;
  const some = { descr: '<f4', shape: [100, 40], data: new Uint8Array(words.buffer) };
  const none = { ...some, data: new Uint8Array(16000) };
  const file = await made(t, { some, none });
  const { back, result } = await packAndBack(t, file);
  assert.deepEqual(
    result.tensors.map(({ kept }) => kept),
    [3, 0],
  );
  assert.deepEqual(await contentOf(t, back), await contentOf(t, file));
});

test('an array whose parts would have the names of others stays as it is', async (t) => {
  const array = sparse('<f4', [64, 64], 0.05);
  const file = await made(t, { a: array, 'a.data': array, 'b/c': array, 'b.c': array });
  const { back, result } = await packAndBack(t, file);
  assert.deepEqual(
    result.tensors.map(({ leftBecause }) => leftBecause),
    ['the file has an array named a.data', null, null, null],
  );
  assert.deepEqual(await contentOf(t, back), await contentOf(t, file));
});

test('an array is packed only where it takes less than in the archive, compressed or not', async (t) => {
  const arrays = { w: sparse('<f4', [64, 64], 0.05), v: sparse('<f4', [64, 64], 0.9) };
  const plain = await packAndBack(t, await made(t, arrays));
  assert.equal(plain.result.tensors[0]!.leftBecause, null);
  assert.match(plain.result.tensors[1]!.leftBecause!, /would take \d+ bytes instead of 16384$/u);
  const zeros = { ...arrays.w, data: new Uint8Array(16384) };
  const folder = await temporaryFolder(t);
  const deflated = await made(t, { ...arrays, zeros }, { deflated: true });
  const packed = path.join(folder, 'packed.npz');
  const { tensors, bytesBefore, bytesAfter } = await packFile(deflated, packed, unattended);
  assert.match(
    tensors[0]!.leftBecause!,
    /would take \d+ bytes instead of \d+, which are compressed/u,
  );
  assert.ok(bytesAfter <= bytesBefore);
  assert.deepEqual(await contentOf(t, packed), await contentOf(t, deflated));
});

test('what is no array is kept, deflated or stored', async (t) => {
  for (const deflated of [false, true]) {
    const others = { 'notes.txt': 'notes '.repeat(50), 'folder/': '' };
    // Large and empty enough to be packed even where it was deflated.
    const data = new Uint8Array(4 * 1000 * 2000);
    const file = await made(
      t,
      { w: { descr: '<f4', shape: [1000, 2000], data } },
      { deflated, others },
    );
    const { packed, back, result } = await packAndBack(t, file);
    assert.equal(result.tensors[0]!.leftBecause, null);
    for (const written of [packed, back]) {
      const before = await membersOf(file);
      const after = await membersOf(written);
      for (const name of Object.keys(others)) {
        assert.deepEqual(after.get(name), before.get(name), name);
      }
    }
    assert.deepEqual(await contentOf(t, back), await contentOf(t, file));
  }
});

test('a network of packed arrays gives the outputs of the one that was packed', async (t) => {
  const file = await made(t, {
    W1: floatsOf([32, 200], 0.1),
    b1: floatsOf([200], 1),
    W2: floatsOf([200, 10], 0.1),
  });
  const { packed, result } = await packAndBack(t, file);
  assert.equal(result.tensors.filter(({ leftBecause }) => leftBecause === null).length, 2);
  const layers = [
    { name: 'hidden', kernel: 'W1', bias: 'b1', activation: 'relu' },
    { name: 'output', kernel: 'W2', activation: 'softmax' },
  ];
  const recipe = parseRecipe(
    { sparsity: 0.5, architecture: { axisOrder: 'in-out', layers } },
    'test',
  );
  const values = Float32Array.from({ length: 5 * 32 }, seededRandom(6));
  const inputs = [{ shape: [5, 32], values }];
  const architecture = recipe.architecture ?? null;
  assert.deepEqual(
    await runModelFile(packed, inputs, architecture),
    await runModelFile(file, inputs, architecture),
  );
});

/** Floats of which most are zero. */
function floatsOf(shape: readonly number[], kept: number): NpyFile {
  const random = seededRandom(shape.length);
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, () => (random() < kept ? random() - 0.5 : 0));
  return { descr: '<f4', shape, data: new Uint8Array(values.buffer) };
}

test('what is packed is not packed again nor pruned, and what is not is not unpacked', async (t) => {
  const arrays = { w: sparse('<f4', [64, 64], 0.1), v: sparse('<f4', [64, 64], 1) };
  const file = await made(t, arrays);
  const { packed } = await packAndBack(t, file);
  const other = path.join(await temporaryFolder(t), 'other.npz');
  await assert.rejects(packFile(packed, other, unattended), UnsupportedError);
  await assert.rejects(unpackFile(file, other, unattended), UnsupportedError);
  const { model } = await openForTest(t, packed);
  const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
  await assert.rejects(planPrune(model, recipe, unattended), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /packed without its zeros.*unpack it first/u);
    return true;
  });
});

const ints = (...values: readonly number[]): NpyFile => ({
  descr: '<i4',
  shape: [values.length],
  data: new Uint8Array(Int32Array.from(values).buffer),
});
const longs = (...values: readonly number[]): NpyFile => ({
  descr: '<i8',
  shape: [values.length],
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const floats = (...values: readonly number[]): NpyFile => ({
  descr: '<f4',
  shape: [values.length],
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** [[0, 1, 0, 2], [0, 0, 0, 0], [3, 0, 0, 0]] */
const MATRIX: Arrays = {
  'w.indices': ints(1, 3, 0),
  'w.indptr': ints(0, 2, 2, 3),
  'w.format': { descr: '|S3', shape: [], data: Buffer.from('csr') },
  'w.shape': longs(3, 4),
  'w.data': floats(1, 2, 3),
};

test('indices of every width and byte order are read', async (t) => {
  const big = Buffer.from(MATRIX['w.indices']!.data).swap32();
  for (const changed of [
    {},
    { 'w.indices': longs(1, 3, 0) },
    { 'w.indptr': longs(0, 2, 2, 3) },
    { 'w.indices': { descr: '>i4', shape: [3], data: big } },
    { 'w.shape': ints(3, 4) },
  ]) {
    const { model } = await openForTest(t, await made(t, { ...MATRIX, ...changed }));
    const values = await readTensorValues(model, model.tensors[0]!);
    assert.deepEqual([...values], [0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0]);
  }
});

const BROKEN: readonly [string, Partial<Arrays>, RegExp][] = [
  ['falling row starts', { 'w.indptr': ints(0, 2, 1, 3) }, /w\.indptr.*1 entries before row 2/u],
  [
    'row starts that do not begin at 0',
    { 'w.indptr': ints(1, 2, 2, 3) },
    /1 entries before row 0.*allowed: 0/u,
  ],
  ['row starts that end too early', { 'w.indptr': ints(0, 2, 2, 2) }, /before row 3; allowed: 3/u],
  ['row starts that end too late', { 'w.indptr': ints(0, 2, 2, 9) }, /9 entries before row 3/u],
  [
    'a row of more entries than columns',
    { 'w.indptr': ints(0, 0, 3, 3), 'w.shape': longs(3, 2) },
    /3 entries before row 2; allowed: 0 to 2/u,
  ],
  ['a negative row start', { 'w.indptr': ints(0, -1, 2, 3) }, /-1 entries/u],
  ['an index beyond the columns', { 'w.indices': ints(1, 4, 0) }, /column 4.*columns 0 to 3/u],
  ['a negative index', { 'w.indices': ints(-1, 3, 0) }, /column -1/u],
  ['indices that fall within a row', { 'w.indices': ints(3, 1, 0) }, /column 1 after 3.*ascend/u],
  ['an index twice in a row', { 'w.indices': ints(1, 1, 0) }, /column 1 after 1/u],
  ['a huge index', { 'w.indices': longs(1, 2 ** 40, 0) }, /column 1099511627776/u],
  [
    'more indices than values',
    { 'w.indices': ints(1, 3, 0, 1) },
    /w\.indices.*shape \[4\].*3 of int32/u,
  ],
  ['too few row starts', { 'w.indptr': ints(0, 2, 3) }, /w\.indptr.*4 of int32 or int64/u],
  ['row starts of another type', { 'w.indptr': floats(0, 2, 2, 3) }, /float32 of shape \[4\]/u],
  ['values of two axes', { 'w.data': { ...floats(1, 2, 3), shape: [3, 1] } }, /w\.data.*one axis/u],
  ['a negative shape', { 'w.shape': longs(3, -4) }, /shape/u],
  ['a shape that overflows', { 'w.shape': longs(3, 2 ** 40, 2 ** 40) }, /at most 2\^53 - 1 bytes/u],
  [
    'a shape that claims terabytes',
    { 'w.shape': longs(3, 2 ** 40) },
    /13194139533312 bytes when written out; allowed: at most/u,
  ],
  [
    'a shape of text',
    { 'w.shape': { descr: '|S8', shape: [2], data: new Uint8Array(16) } },
    /w\.shape/u,
  ],
  ['the dense array besides', { w: floats(1) }, /an array beside its sparse form/u],
];

for (const [what, changed, message] of BROKEN) {
  test(`${what} of a sparse array is a FormatError`, async (t) => {
    const arrays = { ...MATRIX, ...changed } as Arrays;
    const file = await made(t, arrays);
    const reading = async (): Promise<void> => {
      const { model } = await openForTest(t, file);
      await readTensorValues(model, model.tensors[0]!);
    };
    await assert.rejects(reading(), (error) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

for (const part of ['indices', 'indptr', 'shape', 'data']) {
  test(`a sparse array without ${part} is a FormatError`, async (t) => {
    const left = Object.entries(MATRIX).filter(([name]) => name !== `w.${part}`);
    const file = await made(t, Object.fromEntries(left));
    await assert.rejects(openForTest(t, file), (error) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, new RegExp(`w\\.${part}.*no such array`, 'u'));
      return true;
    });
  });
}

test('a packed file cut short anywhere is a FormatError', async (t) => {
  const bytes = await readFile(await made(t, MATRIX));
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'cut.npz');
  for (let length = 0; length < bytes.length; length += 7) {
    await writeFile(file, bytes.subarray(0, length));
    await assert.rejects(openForTest(t, file), FormatError);
  }
});
