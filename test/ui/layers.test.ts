// The Layers view and the panel show one plan, and a saved recipe gives the panel's bytes again.
import assert from 'node:assert/strict';
import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { filesOf } from '../helpers/modelFixtures';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows } from '../helpers/shows';
import { waitFor } from '../helpers/waitFor';
import {
  activityBarItem,
  contextMenu,
  explorerRow,
  quickInput,
  runCommand,
  toast,
  treeRow,
  unfoldFolder,
} from '../helpers/workbench';

test('the Layers view and the panel show one plan', async (t) => {
  const { page, workspace, problems, step } = await openWorkbench(t, ['test/fixtures/tfjs/lenet5']);
  await unfoldFolder(page, 'lenet5');
  await contextMenu(page, explorerRow(page, 'model.json'), 'Prune Model…');
  const panel = prunePanel(page);
  await shows(panel.prediction, 'Weights zeroed 30,735 of 61,470');
  await activityBarItem(page, 'Secateur').click();

  await step('from the model to its layers and their tensors', async () => {
    await shows(treeRow(page, 'lenet5'), '50.0 % pruned');
    await shows(treeRow(page, 'fc1'), '400×120, 53.7 % pruned');
    await treeRow(page, 'conv1').click();
    await shows(treeRow(page, 'kernel'), 'float32, 5×5×1×6');
    await shows(treeRow(page, 'bias'), 'float32, 6');
    await page.keyboard.press('ArrowLeft');
    await treeRow(page, 'bias').waitFor({ state: 'detached' });
  });

  await step('with statistics in the tooltip', async () => {
    await treeRow(page, 'fc2').hover();
    const hover = page.locator('.monaco-hover:visible');
    await shows(hover, /Parameters 10,164/);
    await shows(hover, /Planned 0\.0 % → 36\.3 %/);
    await shows(hover, /Standard deviation 0\.\d+/);
  });

  await step('with the selection of either in the other', async () => {
    await treeRow(page, 'fc2').click();
    await panel.frame.locator('[data-layer="fc2"][aria-selected="true"]').waitFor();
    await panel.row('conv2').click();
    await page.locator('.sidebar .monaco-list-row.selected', { hasText: 'conv2' }).waitFor();
  });

  await step('with layers that are locked there left out here', () => lockLayers(page, panel));

  await step('and a saved recipe gives the same bytes', () => saveAndRun(page, panel, workspace));

  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function lockLayers(page: Page, panel: PrunePanelPage): Promise<void> {
  await contextMenu(page, treeRow(page, 'fc3'), 'Lock');
  await shows(panel.row('fc3'), 'Locked by you');
  await shows(panel.prediction, 'Weights zeroed 30,315 of 60,630');
  await shows(treeRow(page, 'fc3'), '84×10, locked');
  await treeRow(page, 'conv1').click();
  await page.keyboard.press('l');
  await shows(panel.row('conv1'), 'Locked by you');
  await shows(panel.prediction, 'Weights zeroed 30,240 of 60,480');
  await shows(treeRow(page, 'conv1'), '5×5×1×6, locked');
  await page.keyboard.press('l');
  await shows(panel.prediction, 'Weights zeroed 30,315 of 60,630');
}

async function saveAndRun(page: Page, panel: PrunePanelPage, workspace: string): Promise<void> {
  await panel.button('Prune').click();
  await shows(panel.heading, 'lenet5.pruned');
  await panel.button('Back to Plan').click();
  await panel.button('Save Recipe…').click();
  await quickInput(page).waitFor();
  await page.keyboard.press('Enter');
  await quickInput(page).waitFor({ state: 'detached' });
  const output = path.join(workspace, 'lenet5.pruned');
  const byPanel = path.join(workspace, 'by-panel');
  await rename(output, byPanel);
  await chooseRecipe(page);
  const done = await toast(
    page,
    'lenet5.pruned was written: 50.0 % of the prunable weights are zero',
  );
  assert.deepEqual(await filesOf(output), await filesOf(byPanel));
  const recipe = JSON.parse(
    await readFile(path.join(workspace, 'lenet5/lenet5.prune.json'), 'utf8'),
  ) as Record<string, unknown>;
  assert.deepEqual(recipe['lock'], ['fc3']);
  const changed = panel.frame.getByText('has changed on disk');
  assert.equal(await changed.count(), 0, 'a recipe beside the shards is none of the model');
  await done.getByRole('button', { name: 'Open' }).click();
  await shows(treeRow(page, 'lenet5.pruned'), 'parameters');
}

/** A dialog that is just closing may take the list with it: hence the further attempts. */
async function chooseRecipe(page: Page): Promise<void> {
  await waitFor('the list of recipes', async () => {
    await runCommand(page, 'Secateur: Run Recipe');
    const row = page.locator('.quick-input-list .monaco-list-row', {
      hasText: 'lenet5.prune.json',
    });
    return row.click({ timeout: 5000 }).then(
      () => true,
      () => undefined,
    );
  });
}
