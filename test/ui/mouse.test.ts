// The first journey of a newcomer, with the mouse: from the Explorer to a pruned model beside the
// original. Expected counts and masks: NumPy on the weights of the Keras model (oracle keras_lenet5).
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { fixturePath } from '../helpers/fixtures';
import { filesOf } from '../helpers/modelFixtures';
import { openWorkbench, type Workbench } from '../helpers/openWorkbench';
import { assertPruned } from '../helpers/prunedModel';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows, showsValue, textOf } from '../helpers/shows';
import { contextMenu, editorTab, explorerRow, unfoldFolder } from '../helpers/workbench';
import { findNewWorker, listWorkers } from '../helpers/workerOfWindow';

const LAYERS = ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'];

test('the Explorer leads with the mouse to a pruned model beside the untouched original', async (t) => {
  const earlier = await listWorkers();
  const workbench = await openWorkbench(t, [
    'test/fixtures/tfjs/lenet5',
    'samples/mnist/mnist-test.npz',
  ]);
  const { page, problems } = workbench;
  await openByExplorer(page);
  const panel = prunePanel(page);
  await assertDefaultPlan(panel);
  await setSparsityBySlider(page, panel);
  const { hostId } = await findNewWorker(earlier);
  await dragThreshold(t, page, panel, hostId);
  await chooseData(panel);
  await evaluatePlan(panel);
  await prune(t, workbench, panel);
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function openByExplorer(page: Page): Promise<void> {
  await unfoldFolder(page, 'lenet5');
  await contextMenu(page, explorerRow(page, 'model.json'), 'Prune Model…');
  await editorTab(page, 'Prune lenet5').waitFor();
}

/** The list is there from the header; the histograms come as the weights are read. */
async function assertDefaultPlan(panel: PrunePanelPage): Promise<void> {
  for (const layer of LAYERS) await panel.row(layer).waitFor();
  for (const layer of LAYERS) await panel.row(layer).locator('svg.mini').waitFor();
  await shows(panel.choiceOf('Criterion'), 'Magnitude');
  await shows(panel.choiceOf('Scope'), 'Whole model');
  await showsValue(panel.sparsityField, '50 %');
  await shows(panel.prediction, 'Weights zeroed 30,735 of 61,470');
  await shows(panel.prediction, 'Threshold |w| ≤ 0.06276');
  await shows(panel.sparsityOf('fc1'), '0 → 53.7 %');
}

async function setSparsityBySlider(page: Page, panel: PrunePanelPage): Promise<void> {
  const { x, y, width, height } = await boxOf(panel.sparsitySlider);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.8, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await showsValue(panel.sparsityField, /^8\d %$/);
  await panel.undo.click();
  await showsValue(panel.sparsityField, '50 %');
  await shows(panel.prediction, 'Weights zeroed 30,735 of 61,470');
}

/** The host stands still while the handle moves: what changes then needs nothing but the page. */
async function dragThreshold(
  t: TestContext,
  page: Page,
  panel: PrunePanelPage,
  hostId: number,
): Promise<void> {
  await panel.row('conv2').click();
  await shows(panel.frame.getByRole('region', { name: 'Distribution' }), 'conv2');
  const row = await textOf(panel.sparsityOf('conv2'));
  const prediction = await textOf(panel.prediction);
  const { x, y, width, height } = await boxOf(panel.thresholdHandle);
  const resume = pauseProcess(t, hostId);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 30, y + height / 2, { steps: 3 });
  await shows(panel.sparsityOf('conv2'), /→ [6-9]\d\.\d %$/);
  assert.notEqual(await textOf(panel.sparsityOf('conv2')), row);
  assert.notEqual(await textOf(panel.prediction), prediction, 'the other layers give less');
  assert.equal(await panel.undo.isDisabled(), true, 'nothing is changed before the release');
  resume();
  await page.mouse.up();
  await shows(panel.overrideOf('conv2'), /^≤ 0\.\d+$/);
  await shows(panel.prediction, 'Weights zeroed 30,735 of 61,470');
  await panel.undo.click();
  await shows(panel.sparsityOf('conv2'), row);
  await shows(panel.overrideOf('conv2'), /^$/);
}

/** @returns what lets the process go on; the test's end does so too. */
function pauseProcess(t: TestContext, processId: number): () => void {
  process.kill(processId, 'SIGSTOP');
  let isPaused = true;
  const resume = (): void => {
    // Once: by the end of the test the process has gone with its window.
    if (isPaused) process.kill(processId, 'SIGCONT');
    isPaused = false;
  };
  t.after(resume);
  return resume;
}

async function chooseData(panel: PrunePanelPage): Promise<void> {
  await shows(panel.choiceOf('Data'), 'None');
  await panel.dataChoice.click();
  await panel.frame.getByRole('option', { name: '../mnist-test.npz' }).click();
  await shows(panel.frame.locator('.data-facts'), '1,000 samples');
}

async function evaluatePlan(panel: PrunePanelPage): Promise<void> {
  await panel.button('Evaluate Plan').click();
  await shows(panel.evaluationTab, /95\.[012] %$/);
  await panel.evaluationTab.click();
  await shows(panel.measure('Accuracy'), /^Accuracy 96\.3 % .*95\.[012] % .*−1\.[123] pt/);
  await shows(panel.measure('Accuracy'), /963 → 95[012] of 1,000; significant: p/);
  await shows(panel.measure('Loss'), /^Loss 0\.1134 .*0\.1454 /);
}

async function prune(
  t: TestContext,
  { page, workspace }: Workbench,
  panel: PrunePanelPage,
): Promise<void> {
  await panel.button('Prune').click();
  await shows(panel.heading, 'lenet5.pruned');
  await shows(panel.measure('Accuracy'), /963 → 95[012] of 1,000; significant: p/);
  const said = panel.frame.getByRole('region', { name: 'What was done' });
  await shows(said, '30,735 weights in 5 layers were set to zero. Nothing was removed.');
  await shows(said, 'it will not run faster');
  await explorerRow(page, 'lenet5.pruned').waitFor();
  const original = path.join(workspace, 'lenet5');
  assert.deepEqual(await filesOf(original), await filesOf(fixturePath('tfjs/lenet5')));
  await assertPruned(t, original, path.join(workspace, 'lenet5.pruned'), {
    oracle: 'keras_lenet5',
    level: 'global_50',
  });
}

async function boxOf(
  target: Locator,
): Promise<NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>> {
  const box = await target.boundingBox();
  assert.ok(box, 'it is to be seen');
  return box;
}
