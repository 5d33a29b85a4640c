// Packed files through the workbench: from the result page and from the Explorer. What a packed file holds
// is read back by the command line's way back, which must give the very file that was packed.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { NumberText } from '../../src/host/text/numberText';
import { secateur } from '../helpers/commandLine';
import { inspector } from '../helpers/inspectorPage';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows, textOf } from '../helpers/shows';
import { waitFor } from '../helpers/waitFor';
import {
  contextMenu,
  editorTab,
  explorerRow,
  quickInput,
  toast,
  unfoldFolder,
} from '../helpers/workbench';

const SAFETENSORS = 'test/fixtures/safetensors/digits_mlp_f32.safetensors';
const ONNX = 'test/fixtures/onnx/lenet5_legacy.onnx';
const SET = 'test/fixtures/safetensors/lenet5_sharded';
const SET_INDEX = 'model.safetensors.index.json';

test('a pruned model is exported without its zeros, and the sizes of both are told', async (t) => {
  const copies = [SAFETENSORS, ONNX, SET];
  const { page, workspace, problems, step } = await openWorkbench(t, copies, async (folder) => {
    await pruneModel(path.join(folder, 'lenet5_legacy.onnx'));
    await pruneModel(path.join(folder, 'lenet5_sharded'));
  });
  const panel = prunePanel(page);

  await step('a set of files is exported as a folder of the same names', async () => {
    await unfoldFolder(page, 'lenet5_sharded.pruned');
    await contextMenu(page, explorerRow(page, SET_INDEX), 'Export Packed…');
    await accept(page);
    await toast(page, /lenet5_sharded\.pruned\.packed was written: 24\d\sKB became [\d.]+\sKB\./);
    const names = await readdir(path.join(workspace, 'lenet5_sharded.pruned.packed'));
    assert.deepEqual(names, await readdir(path.join(workspace, 'lenet5_sharded.pruned')));
  });

  await step('the result of a prune shows its size raw, with gzip and packed', async () => {
    await contextMenu(page, explorerRow(page, 'digits_mlp_f32.safetensors'), 'Prune Model…');
    await editorTab(page, 'Prune digits_mlp_f32.safetensors').waitFor();
    await shows(panel.prediction, 'Weights zeroed 4,416 of 8,832');
    await panel.button('Prune').click();
    await shows(panel.heading, 'digits_mlp_f32.pruned.safetensors');
    await shows(panel.measure('Size, raw'), /^Size, raw 35 KB 35 KB 0/);
    await shows(panel.measure('Size, gzip'), /^Size, gzip \d+ KB \d+ KB −\d+ %/);
    await shows(panel.measure('Size, packed'), /^Size, packed 3\d KB 2\d KB −\d+ % without zeros/);
  });

  await step('from there it is exported beside itself, and can be opened', async () => {
    await panel.button('Export Packed…').click();
    await accept(page);
    const sentence = await saysSizes(workspace, 'digits_mlp_f32.pruned', '.safetensors');
    const done = await toast(page, sentence);
    await isAsTold(panel, path.join(workspace, 'digits_mlp_f32.pruned.packed.safetensors'));
    await done.getByRole('button', { name: 'Open' }).click();
    const view = inspector(page);
    await shows(view.heading, 'digits_mlp_f32.pruned.packed.safetensors');
    await view.row('fc1.weight').waitFor();
  });

  await step('an ONNX file is exported from the Explorer', async () => {
    await contextMenu(page, explorerRow(page, 'lenet5_legacy.pruned.onnx'), 'Export Packed…');
    await accept(page);
    await toast(page, await saysSizes(workspace, 'lenet5_legacy.pruned', '.onnx'));
  });

  await step('each gives back the very file that was packed', async () => {
    await unpacksTo(workspace, 'digits_mlp_f32.pruned', '.safetensors');
    await unpacksTo(workspace, 'lenet5_legacy.pruned', '.onnx');
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function pruneModel(file: string): Promise<void> {
  const { dir, name, ext } = path.parse(file);
  const output = path.join(dir, `${name}.pruned${ext}`);
  const { exitCode, stderr } = await secateur('prune', file, '-o', output, '--sparsity', '0.8');
  assert.equal(exitCode, 0, stderr);
}

/** Takes the place that the dialog offers. */
async function accept(page: Page): Promise<void> {
  await quickInput(page).waitFor();
  await page.keyboard.press('Enter');
  await quickInput(page).waitFor({ state: 'detached' });
}

/** What the notification says of a file and its packed form, by their lengths on the disk; waits for the latter. */
async function saysSizes(folder: string, name: string, extension: string): Promise<string> {
  const numbers = new NumberText('en');
  const sizeOf = async (file: string): Promise<string> =>
    numbers.bytes((await stat(path.join(folder, file))).size);
  const packed = `${name}.packed${extension}`;
  await waitFor(packed, () => existsSync(path.join(folder, packed)) || undefined);
  return `${packed} was written: ${await sizeOf(name + extension)} became ${await sizeOf(packed)}.`;
}

/** The table has told the length of the packed file before it was written, to within 1 % and what rounding hides. */
async function isAsTold(panel: PrunePanelPage, packed: string): Promise<void> {
  const row = await textOf(panel.measure('Size, packed'));
  const told = 1024 * Number(/ KB (\d+) KB /.exec(row)?.[1]);
  const { size } = await stat(packed);
  assert.ok(Math.abs(told - size) <= 0.01 * size + 512, `${row}: it is of ${size} bytes`);
}

async function unpacksTo(folder: string, name: string, extension: string): Promise<void> {
  const packed = path.join(folder, `${name}.packed${extension}`);
  const again = path.join(folder, `${name}.again${extension}`);
  const { exitCode, stderr } = await secateur('unpack', packed, '-o', again);
  assert.equal(exitCode, 0, stderr);
  const [before, after] = [
    await readFile(path.join(folder, name + extension)),
    await readFile(again),
  ];
  assert.ok((await stat(packed)).size < 0.7 * before.length);
  assert.ok(before.equals(after), `${name} is not what it was`);
}
