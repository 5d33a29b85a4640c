// The same journey by the keyboard alone: nothing here clicks, hovers or drags. Expected counts and
// masks: NumPy on the weights of the Keras model (oracle keras_lenet5).
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { fixturePath } from '../helpers/fixtures';
import { pressUntilFocused, replaceText } from '../helpers/keyboard';
import { filesOf } from '../helpers/modelFixtures';
import { openWorkbench } from '../helpers/openWorkbench';
import { assertPruned } from '../helpers/prunedModel';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows, showsAttribute, showsValue, textOf } from '../helpers/shows';
import { editorTab, quickInput, runCommand } from '../helpers/workbench';

test('the keyboard alone leads from the palette to a pruned model', async (t) => {
  const { page, workspace, problems } = await openWorkbench(t, [
    'test/fixtures/tfjs/lenet5',
    'samples/mnist/mnist-test.npz',
  ]);
  const panel = prunePanel(page);
  await openByPalette(page);
  await shows(panel.prediction, 'Weights zeroed 30,735 of 61,470');
  await chooseData(page, panel);
  await moveThroughLayers(page, panel);
  await moveThreshold(page, panel);
  await typeSparsity(page, panel);
  await evaluatePlan(page, panel);
  await prune(page, panel);
  const original = path.join(workspace, 'lenet5');
  assert.deepEqual(await filesOf(original), await filesOf(fixturePath('tfjs/lenet5')));
  await assertPruned(t, original, path.join(workspace, 'lenet5.pruned'), {
    oracle: 'keras_lenet5',
    level: 'global_80',
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function openByPalette(page: Page): Promise<void> {
  await runCommand(page, 'Secateur: Prune Model…');
  await quickInput(page).waitFor();
  await page.keyboard.type('lenet5');
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'lenet5' }).waitFor();
  await page.keyboard.press('Enter');
  await editorTab(page, 'Prune lenet5').waitFor();
}

/** F6 goes into the panel's first area with something to operate; Tab goes through the form. */
async function chooseData(page: Page, panel: PrunePanelPage): Promise<void> {
  await pressUntilFocused(page, 'F6', panel.frame.getByRole('region', { name: 'Method' }));
  await pressUntilFocused(page, 'Tab', panel.dataChoice);
  await page.keyboard.press('ArrowDown');
  await shows(panel.choiceOf('Data'), '../mnist-test.npz');
  await shows(panel.frame.locator('.data-facts'), '1,000 samples');
}

async function moveThroughLayers(page: Page, panel: PrunePanelPage): Promise<void> {
  await pressUntilFocused(page, 'F6', panel.grid);
  await page.keyboard.press('End');
  await isSelected(panel, 'fc3');
  await page.keyboard.press('ArrowUp');
  await isSelected(panel, 'fc2');
  await page.keyboard.press('Home');
  await isSelected(panel, 'conv1');
  await page.keyboard.press('ArrowDown');
  await isSelected(panel, 'conv2');
  await page.keyboard.press('l');
  await shows(panel.row('conv2'), 'Locked by you');
  await page.keyboard.press('l');
  await shows(panel.sparsityOf('conv2'), '0 → 44.3 %');
  await page.keyboard.press('F2');
  await page.keyboard.type('25');
  await page.keyboard.press('Enter');
  await shows(panel.overrideOf('conv2'), '25 %');
  await shows(panel.sparsityOf('conv2'), '0 → 25.0 %');
  await page.keyboard.press('Control+z');
  await shows(panel.sparsityOf('conv2'), '0 → 44.3 %');
}

async function isSelected(panel: PrunePanelPage, layer: string): Promise<void> {
  await panel.frame.locator(`[data-layer="${layer}"][aria-selected="true"]`).waitFor();
}

async function moveThreshold(page: Page, panel: PrunePanelPage): Promise<void> {
  const planned = await textOf(panel.sparsityOf('conv2'));
  const { thresholdHandle } = panel;
  await pressUntilFocused(page, 'Tab', thresholdHandle);
  const speaks = async (words: RegExp): Promise<void> => {
    await showsAttribute(thresholdHandle, 'aria-valuetext', words);
  };
  await page.keyboard.press('End');
  await shows(panel.sparsityOf('conv2'), '0 → 100.0 %');
  await speaks(/, prunes 100\.0 %, 2,400 of 2,400$/);
  await page.keyboard.press('Escape');
  await shows(panel.sparsityOf('conv2'), planned);
  await shows(panel.overrideOf('conv2'), /^$/);
  await page.keyboard.press('Home');
  await shows(panel.sparsityOf('conv2'), '0 → 0.0 %');
  await page.keyboard.press('PageUp');
  await shows(panel.sparsityOf('conv2'), '0 → 5.0 %');
  await speaks(/, prunes 5\.0 %, 120 of 2,400$/);
  await page.keyboard.press('Shift+ArrowRight');
  await shows(panel.sparsityOf('conv2'), /→ [1-9]\d?\.[1-9] %$/);
  await page.keyboard.press('Enter');
  await shows(panel.overrideOf('conv2'), /^≤ 0\.\d+$/);
  await page.keyboard.press('Control+z');
  await shows(panel.sparsityOf('conv2'), planned);
}

async function typeSparsity(page: Page, panel: PrunePanelPage): Promise<void> {
  await pressUntilFocused(page, 'Shift+F6', panel.frame.getByRole('region', { name: 'Method' }));
  await pressUntilFocused(page, 'Tab', panel.sparsityField);
  await replaceText(page, '800');
  await page.keyboard.press('Enter');
  await panel.frame.getByText('Between 0 and 100 %').waitFor();
  await replaceText(page, '80');
  await page.keyboard.press('Enter');
  await showsValue(panel.sparsityField, '80 %');
  await shows(panel.prediction, 'Weights zeroed 49,176 of 61,470');
}

async function evaluatePlan(page: Page, panel: PrunePanelPage): Promise<void> {
  await pressUntilFocused(page, 'F6', panel.button('Prune'));
  await pressUntilFocused(page, 'Tab', panel.button('Evaluate Plan'));
  await page.keyboard.press('Enter');
  await shows(panel.evaluationTab, /93\.[789] %$/);
  await pressUntilFocused(page, 'F6', panel.grid);
  await pressUntilFocused(page, 'Tab', panel.frame.getByRole('tab', { name: 'Distribution' }));
  await page.keyboard.press('ArrowRight');
  await shows(panel.measure('Accuracy'), /963 → 93[789] of 1,000; significant: p/);
}

async function prune(page: Page, panel: PrunePanelPage): Promise<void> {
  await pressUntilFocused(page, 'F6', panel.button('Prune'));
  await page.keyboard.press('Enter');
  await shows(panel.heading, 'lenet5.pruned');
  await shows(panel.measure('Accuracy'), /963 → 93[789] of 1,000; significant: p/);
  await pressUntilFocused(page, 'F6', panel.button('Open'));
  await pressUntilFocused(page, 'Tab', panel.button('Back to Plan'));
  await page.keyboard.press('Enter');
  await showsValue(panel.sparsityField, '80 %');
}
