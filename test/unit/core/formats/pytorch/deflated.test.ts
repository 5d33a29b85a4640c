import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readZipDirectory } from '../../../../../src/core/formats/zip/readZipDirectory';
import { cutsByTensor } from '../../../../../src/core/model/applyCut';
import { unattended } from '../../../../../src/core/progress';
import { parseRecipe } from '../../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../../src/core/selection/planPrune';
import { openFileSource } from '../../../../../src/node/fileSource';
import { fixturePath, temporaryFolder } from '../../../../helpers/fixtures';
import { openForTest } from '../../../../helpers/modelFixtures';
import { assertOpensAs, writeCopy } from '../../../../helpers/rewriteInPlace';
import { type MadeMember, makeZip } from '../../../../helpers/zipArchive';

/** The members of a fixture in a new archive, changed by the caller. */
async function repacked(
  t: TestContext,
  change: (member: MadeMember & { readonly name: string }) => readonly MadeMember[],
): Promise<string> {
  const original = fixturePath('pytorch/lstm_state.pt');
  const bytes = await readFile(original);
  const source = await openFileSource(original, 'lstm_state.pt');
  const directory = await readZipDirectory(source, 'test');
  await source.close();
  const members = directory.flatMap(({ name, dataOffset, byteLength }) =>
    change({ name, bytes: bytes.subarray(dataOffset, dataOffset + byteLength) }),
  );
  const file = path.join(await temporaryFolder(t), 'repacked.pt');
  await writeFile(file, makeZip({ members }).bytes);
  return file;
}

test('a PyTorch archive that was deflated is read and pruned', async (t) => {
  const file = await repacked(t, (member) => [{ ...member, deflated: true }]);
  const opened = await openForTest(t, file);
  const stored = await openForTest(t, fixturePath('pytorch/lstm_state.pt'));
  await assertOpensAs(t, stored.model, new Map(), file);
  const recipe = parseRecipe({ sparsity: 0.5 }, 'test');
  const cuts = cutsByTensor((await planPrune(opened.model, recipe, unattended)).entries);
  assert.equal(cuts.size, 3);
  const copy = await writeCopy(t, opened, cuts);
  await assertOpensAs(t, stored.model, cuts, copy);
});

test('a member that comes twice is refused: readers differ in which one they take', async (t) => {
  const file = await repacked(t, (member) =>
    member.name.endsWith('data.pkl') ? [member, member] : [member],
  );
  await assert.rejects(openForTest(t, file), { name: 'FormatError', message: /data\.pkl.*twice/ });
});

test('two folders with a data.pkl are refused', async (t) => {
  const file = await repacked(t, (member) =>
    member.name.endsWith('data.pkl') ? [member, { ...member, name: 'other/data.pkl' }] : [member],
  );
  await assert.rejects(openForTest(t, file), { name: 'FormatError', message: /other\/data\.pkl/ });
});

test('a byte order that is none is refused', async (t) => {
  const file = await repacked(t, (member) =>
    member.name.endsWith('byteorder') ? [{ ...member, bytes: Buffer.from('middle') }] : [member],
  );
  await assert.rejects(openForTest(t, file), { name: 'FormatError', message: /"middle"/ });
});

/** A state dict of protocol 2, with a storage of one float for each tensor. */
function stateOf(count: number): Buffer {
  const text = (value: string): string => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
  const entries = Array.from({ length: count }, (_, i) => {
    const storage = `(${text('storage')}ctorch\nFloatStorage\n${text(String(i))}${text('cpu')}K\x01tQ`;
    const view = `K\0K\x01\x85K\x01\x85\x89}t`;
    return `${text(`layer${i}.weight`)}ctorch._utils\n_rebuild_tensor_v2\n(${storage}${view}R`;
  });
  return Buffer.from(`\x80\x02}(${entries.join('')}u.`, 'latin1');
}

test('20,000 deflated members are opened in time that grows with their number', async (t) => {
  const count = 20_000;
  const storages = Array.from({ length: count }, (_, i) => ({
    name: `m/data/${i}`,
    bytes: Buffer.alloc(4),
    deflated: true,
  }));
  const members = [{ name: 'm/data.pkl', bytes: stateOf(count), deflated: true }, ...storages];
  const file = path.join(await temporaryFolder(t), 'many.pt');
  await writeFile(file, makeZip({ members }).bytes);
  const start = process.cpuUsage();
  const { model } = await openForTest(t, file);
  const { user, system } = process.cpuUsage(start);
  assert.equal(model.tensors.length, count);
  assert.deepEqual(
    model.containers?.map(({ parts }) => parts.length),
    [count + 1],
  );
  assert.ok(user + system < 6_000_000, `${user + system} µs`);
});
