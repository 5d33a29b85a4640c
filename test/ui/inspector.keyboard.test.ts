// The inspector by the keyboard alone: nothing here clicks, hovers or drags.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { inspector, type InspectorPageParts } from '../helpers/inspectorPage';
import { pressUntilFocused, waitForFocus } from '../helpers/keyboard';
import { openWorkbench } from '../helpers/openWorkbench';
import { shows, showsAttribute } from '../helpers/shows';
import { waitFor } from '../helpers/waitFor';
import { quickInput, runCommand } from '../helpers/workbench';

test('the keyboard alone leads through the inspector', async (t) => {
  const { page, problems } = await openWorkbench(t, [
    'test/fixtures/safetensors/resnet.safetensors',
  ]);
  const view = inspector(page);
  await page.setViewportSize({ width: 1600, height: 900 });
  await runCommand(page, 'Secateur: Inspect Model');
  await quickInput(page).waitFor();
  await page.keyboard.type('resnet');
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'resnet' }).waitFor();
  await page.keyboard.press('Enter');
  await shows(view.header, 'No NaN or infinite values');
  await moveInTable(page, view);
  await sortInHeader(page, view);
  await filterByKeys(page, view);
  await readUnusual(page, view);
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function moveInTable(page: Page, view: InspectorPageParts): Promise<void> {
  await pressUntilFocused(page, 'F6', view.table);
  await page.keyboard.press('End');
  await isSelected(view, 'layer3.1.conv2.weight');
  await shows(view.distribution, 'layer3.1.conv2.weight');
  await page.keyboard.press('ArrowUp');
  await isSelected(view, 'layer3.1.conv1.weight');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  await isSelected(view, 'bn1.num_batches_tracked');
  await page.keyboard.press('Control+c');
  await waitFor('the name in the clipboard', async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text === 'bn1.num_batches_tracked' ? true : undefined;
  });
}

async function isSelected(view: InspectorPageParts, tensor: string): Promise<void> {
  await view.frame.locator(`[data-tensor="${tensor}"][aria-selected="true"]`).waitFor();
}

async function sortInHeader(page: Page, view: InspectorPageParts): Promise<void> {
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const name = view.columnHeader('Name');
  await view.frame.locator('[role="columnheader"][aria-sort="ascending"]').waitFor();
  await showsAttribute(name, 'aria-sort', 'ascending');
  await showsAttribute(view.table, 'aria-activedescendant', (await name.getAttribute('id')) ?? '');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await view.frame.locator('[role="columnheader"][aria-sort="descending"]').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await shows(view.rows.first(), /^layer3\..*64×64×3×3/);
}

async function filterByKeys(page: Page, view: InspectorPageParts): Promise<void> {
  await page.keyboard.press('Control+f');
  await waitForFocus(view.frame.locator('#tensor-filter'));
  await page.keyboard.type('fc');
  await shows(view.frame.locator('.tensor-tools .badge'), '2 of 92');
  await page.keyboard.press('Escape');
  await shows(view.frame.locator('.tensor-tools .badge'), '92 tensors');
}

async function readUnusual(page: Page, view: InspectorPageParts): Promise<void> {
  const finding = view.unusual.getByRole('button', { name: 'layer2.0.down.1.bias' });
  await pressUntilFocused(page, 'Tab', finding);
  await page.keyboard.press('Enter');
  await shows(view.distribution, 'layer2.0.down.1.bias');
  await pressUntilFocused(page, 'Shift+F6', view.table);
}
