// What a click on a model file in the Explorer opens. Expected figures: NumPy, oracles/tensors.
import assert from 'node:assert/strict';
import { appendFile, copyFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { fixturePath } from '../helpers/fixtures';
import { inspector, type InspectorPageParts } from '../helpers/inspectorPage';
import { openWorkbench, saveScreenshot } from '../helpers/openWorkbench';
import { prunePanel } from '../helpers/prunePanel';
import { shows, showsAttribute, textOf } from '../helpers/shows';
import { waitFor } from '../helpers/waitFor';
import {
  contextMenu,
  editorTab,
  explorerRow,
  openFromExplorer,
  runCommand,
  unfoldFolder,
} from '../helpers/workbench';

test('a click on a model file opens what is inside', async (t) => {
  const { page, workspace, problems, step } = await openWorkbench(t, [
    'test/fixtures/safetensors/resnet.safetensors',
    'test/fixtures/tfjs/lenet5',
    'test/fixtures/corrupt/nan_inf.npz',
    'test/fixtures/corrupt/st_truncated_data.safetensors',
    'test/fixtures/corrupt/onnx_lfs_pointer.onnx',
  ]);
  const view = inspector(page);
  await page.setViewportSize({ width: 1600, height: 900 });
  await openFromExplorer(page, 'resnet.safetensors');

  await step('with every tensor and its figures', () => assertFigures(view));
  await step('in the order of any column', () => sortByColumns(view));
  await step('filtered by name, shape and size', () => filterTensors(view));
  await step('with what is unusual leading to its tensor', () => followUnusual(view));
  await step('and the way to pruning', () => pruneFromHere(page, view));
  await step('a file that changes on the disk is said to have', async () => {
    await openFromExplorer(page, 'resnet.safetensors');
    await shows(view.heading, 'resnet.safetensors');
    const file = path.join(workspace, 'resnet.safetensors');
    await copyFile(fixturePath('safetensors/transformer.safetensors'), file);
    const banner = view.frame.locator('.banner');
    await shows(banner, 'resnet.safetensors has changed on disk.');
    await banner.getByRole('button', { name: 'Reload' }).click();
    await shows(view.header, '39 tensors');
    // What was selected is gone: the first tensor is, and comes into sight.
    await showsAttribute(view.row('emb.bias'), 'aria-selected', 'true');
    await view.row('emb.weight').waitFor();
    await banner.waitFor({ state: 'detached' });
  });
  await step('NaN and infinite values are warned of', async () => {
    await openFromExplorer(page, 'nan_inf.npz');
    await shows(view.header, 'NaN or infinite values');
    await shows(view.unusual, 'mixed 3 values');
  });
  await step('an index file opens here by choice, and as text otherwise', async () => {
    await unfoldFolder(page, 'lenet5');
    await contextMenu(page, explorerRow(page, 'model.json'), 'Inspect Model');
    await shows(view.heading, 'lenet5');
    await shows(view.cell('conv1/kernel', 'shape'), '5×5×1×6');
    await view.row('conv1/kernel').click();
    await shows(view.facts, 'Units 6 on axis 3');
  });
  await step('a damaged file says what, why and what to do', async () => {
    await openFromExplorer(page, 'st_truncated_data.safetensors');
    const alert = view.frame.getByRole('alert');
    await shows(alert, 'st_truncated_data.safetensors cannot be opened');
    await shows(alert, /found a file of 20000 bytes; allowed is 36312/);
    await shows(alert, 'copy, download or export it again');
    await view.button('Reopen With…').waitFor();
  });
  await step('a Git LFS pointer is called that, with the command to fetch the file', async () => {
    await openFromExplorer(page, 'onnx_lfs_pointer.onnx');
    const alert = view.frame.getByRole('alert');
    await shows(alert, 'a Git LFS pointer');
    await shows(alert, 'git lfs pull');
    await appendFile(path.join(workspace, 'onnx_lfs_pointer.onnx'), '\n');
    await view.button('Reload File').click();
    await shows(alert, 'git lfs pull');
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

/** conv1.weight of the file by NumPy: 144 values, mean 0.02507, std 0.1939. */
async function assertFigures(view: InspectorPageParts): Promise<void> {
  await shows(view.header, /176 k parameters.* 92 tensors/);
  await shows(view.header, 'No NaN or infinite values');
  await view.row('conv1.weight').click();
  await shows(view.cell('conv1.weight', 'shape'), '16×1×3×3');
  await shows(view.cell('conv1.weight', 'mean'), '0.0251');
  await view.cell('conv1.weight', 'distribution').locator('svg.mini path').first().waitFor();
  await shows(view.distribution, /Elements 144 /);
  await shows(view.distribution, /Min −0\.358 Max 0\.371 Mean 0\.0251 Std 0\.194/);
  await shows(view.facts, 'Operator Conv2D, guessed Units 16 on axis 0, guessed');
  await shows(view.facts, 'Byte offset 8,112');
  await assertDrawn(view);
  await view.button('Logarithmic count').click();
  await assertDrawn(view);
  await view.button('Show as table').click();
  await view.distribution.getByRole('columnheader', { name: 'Values' }).waitFor();
  await view.button('Show as table').click();
  await view.button('Logarithmic count').click();
}

async function assertDrawn({ histogram }: InspectorPageParts): Promise<void> {
  const twentyBars = /^(?:M[^M]*){20}/;
  await showsAttribute(histogram, 'd', twentyBars);
}

async function sortByColumns(view: InspectorPageParts): Promise<void> {
  const elements = view.columnHeader('Elements');
  await elements.click();
  await showsAttribute(elements, 'aria-sort', 'descending');
  await shows(view.rows.first(), /^layer3\.0\.conv2\.weight|^layer3\.1\.conv1\.weight/);
  await elements.click();
  await showsAttribute(elements, 'aria-sort', 'ascending');
  await shows(view.rows.first(), 'num_batches_tracked');
  await elements.click();
  await showsAttribute(elements, 'aria-sort', 'none');
  await view.columnHeader('Mean').click();
  await shows(view.rows.first(), 'num_batches_tracked');
  await view.columnHeader('Mean').click();
  await shows(view.rows.first(), '−');
  await view.columnHeader('Mean').click();
}

async function filterTensors(view: InspectorPageParts): Promise<void> {
  const badge = view.frame.locator('.tensor-tools .badge');
  await view.filter.fill('layer1 3x3 >2000');
  await shows(badge, '4 of 92');
  await view.filter.fill('int64');
  await shows(badge, '15 of 92');
  await view.filter.fill('nothing like this');
  await view.frame.getByText('No tensor is like this.').waitFor();
  await view.button('Clear Filter').click();
  await shows(badge, '92 tensors');
}

async function followUnusual(view: InspectorPageParts): Promise<void> {
  await shows(view.unusual, 'Copies of another tensor');
  await view.unusual.getByRole('button', { name: 'layer3.0.down.1.bias' }).click();
  await shows(view.distribution, 'layer3.0.down.1.bias');
  await view.row('layer3.0.down.1.bias').waitFor();
  await view.frame.locator('.chip', { hasText: '2 of 92 tensors are unusual' }).click();
  await waitFor('only the unusual ones', async () =>
    (await view.rows.count()) === 2 ? true : undefined,
  );
  await view.frame.locator('.chip', { hasText: 'unusual' }).click();
}

async function pruneFromHere(page: Page, view: InspectorPageParts): Promise<void> {
  await view.button('Prune Model…').click();
  await editorTab(page, 'Prune resnet.safetensors').waitFor();
  await shows(prunePanel(page).prediction, 'Weights zeroed');
}

test('the inspector is at home at any width and in any theme', async (t) => {
  const { page, problems, step } = await openWorkbench(t, [
    'test/fixtures/safetensors/resnet.safetensors',
  ]);
  const view = inspector(page);
  await openFromExplorer(page, 'resnet.safetensors');
  await view.row('conv1.weight').click();
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');

  await step('at 400 pixels it keeps name, size and distribution', async () => {
    await page.setViewportSize({ width: 460, height: 900 });
    await view.columnHeader('Std').waitFor({ state: 'detached' });
    await view.columnHeader('Distribution').waitFor();
    await shows(view.cell('conv1.weight', 'elements'), '144');
    await assertNoOverflow(view);
    await view.distribution.locator('svg.chart').scrollIntoViewIfNeeded();
    await assertDrawn(view);
  });
  await step('wide it shows every column', async () => {
    await page.setViewportSize({ width: 1900, height: 900 });
    for (const name of ['Layer', 'Size', 'Min', 'Max']) await view.columnHeader(name).waitFor();
    await shows(view.cell('conv1.weight', 'layer'), 'Conv2D, guessed');
    await assertNoOverflow(view);
  });
  await step('in high contrast the selection has an outline', async () => {
    await runCommand(page, 'Preferences: Toggle between Light/Dark Themes');
    await saveScreenshot(page, 'inspector-light');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+t');
    await page.locator('.quick-input-widget:visible input.input').fill('Dark High Contrast');
    await page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'High Contrast' })
      .waitFor();
    await page.keyboard.press('Enter');
    await view.frame.locator('body.vscode-high-contrast').waitFor();
    const style = await view
      .row('conv1.weight')
      .evaluate((row) => getComputedStyle(row).outlineStyle);
    assert.match(style, /dotted|solid/);
    await saveScreenshot(page, 'inspector-high-contrast');
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

/** Nothing sticks out at the right, where one would have to scroll for it. */
async function assertNoOverflow(view: InspectorPageParts): Promise<void> {
  const { scrollWidth, clientWidth } = await view.frame
    .locator('.screen')
    .evaluate(({ scrollWidth: content, clientWidth: room }) => ({
      scrollWidth: content,
      clientWidth: room,
    }));
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} fits into ${clientWidth}`);
  assert.notEqual(await textOf(view.heading), '');
}
