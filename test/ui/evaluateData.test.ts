// Evaluating on data of one's own in the panel. Accuracy of the original: PyTorch, in the table of the
// fixtures; counts of the data: NumPy.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows, showsValue } from '../helpers/shows';
import { contextMenu, editorTab, explorerRow } from '../helpers/workbench';

test('an ONNX classifier is evaluated on data: class by class, with test, latency and engine', async (t) => {
  const { page, problems } = await openWorkbench(t, [
    'test/fixtures/onnx/lenet5_legacy.onnx',
    'test/fixtures/datasets/mnist.npz',
  ]);
  await contextMenu(page, explorerRow(page, 'lenet5_legacy.onnx'), 'Prune Model…');
  await editorTab(page, 'Prune lenet5_legacy.onnx').waitFor();
  const panel = prunePanel(page);
  await chooseData(panel, 'mnist.npz');
  await shows(panel.frame.locator('.data-facts'), '1,000 samples');
  await panel.sparsityField.fill('90');
  await panel.sparsityField.press('Enter');
  await panel.button('Evaluate Plan').click();
  await shows(panel.evaluationTab, /8\d\.\d %$/);
  await panel.evaluationTab.click();
  await shows(
    panel.measure('Accuracy'),
    /^Accuracy 97\.1 %.*971 → \d+ of 1,000; significant: p < 0\.001/,
  );
  await shows(panel.evaluation, /Accuracy fell by \d+\.\d pt; significant: p < 0\.001/);
  await shows(panel.measure('1 sample'), /ms .*ms .*95 % within/);
  await shows(panel.evaluation, /Ran on TensorFlow\.js wasm/);
  await showsOriginalClasses(panel);
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

/** Of the original, so that the right ones of all classes come to the 971 of the fixtures' table. */
async function showsOriginalClasses(panel: PrunePanelPage): Promise<void> {
  const matrix = panel.frame.getByRole('region', { name: 'Confusion matrix' });
  await matrix.getByRole('button', { name: 'Show before' }).click();
  await matrix.getByRole('button', { name: 'Show after' }).waitFor();
  const right = await matrix.locator('td.right').allInnerTexts();
  assert.equal(right.length, 10);
  assert.equal(
    right.reduce((sum, text) => sum + Number(text), 0),
    971,
  );
}

test('what is guessed of data is told, and its settings change what is evaluated', async (t) => {
  const { page, problems, step } = await openWorkbench(
    t,
    ['test/fixtures/keras/diabetes_mlp.keras', 'test/fixtures/datasets/diabetes.csv'],
    (workspace) => writeFile(path.join(workspace, 'blank.csv'), tableWithBlank()),
  );
  await contextMenu(page, explorerRow(page, 'diabetes_mlp.keras'), 'Prune Model…');
  await editorTab(page, 'Prune diabetes_mlp.keras').waitFor();
  const panel = prunePanel(page);
  const notes = panel.frame.getByRole('list', { name: 'Notes on the data' });
  const facts = panel.frame.locator('.data-facts');

  await step('a cell that is missing is named with its row', async () => {
    await chooseData(panel, 'blank.csv');
    await shows(notes, /Row 1 of b is no number/);
  });

  await step('without labels it is said that there is neither accuracy nor loss', async () => {
    await chooseData(panel, 'diabetes.csv');
    await shows(facts, '442 samples');
    await notes.waitFor({ state: 'detached' });
    await panel.button('Change…').click();
    await choose(panel, 'Label column', 'None');
    await shows(notes, /^No labels: the plan is compared with the original/);
    await choose(panel, 'Label column', 'Guessed');
    await notes.waitFor({ state: 'detached' });
  });

  await step('a random share and a sample of it are taken, by the keyboard alone', async () => {
    await choose(panel, 'Split', 'Random share');
    await shows(facts, /^88 samples.*a random 20 %, seed 0$/);
    const share = panel.frame.getByRole('textbox', { name: 'Share' });
    await share.fill('100');
    await share.press('Enter');
    await panel.frame.getByRole('alert').getByText('More than 0 and less than 100 %').waitFor();
    await share.fill('50');
    await share.press('Enter');
    await shows(facts, /^221 samples/);
    await panel.button('More settings').press('Enter');
    const sample = panel.frame.getByRole('textbox', { name: 'Sample', exact: true });
    await sample.fill('40');
    await sample.press('Enter');
    await shows(facts, /^40 samples/);
    await showsValue(share, '50 %');
  });

  await step('the evaluation is of those samples', async () => {
    await panel.button('Evaluate Plan').click();
    await panel.evaluationTab.click();
    await shows(panel.evaluation, /diabetes\.csv, 40 samples/);
    await panel.measure('R²').waitFor();
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

/** Two columns, one cell of which is empty. */
function tableWithBlank(): string {
  return 'a,b,target\n1,2,3\n4,,5\n6,7,8\n';
}

async function chooseData(panel: PrunePanelPage, name: string): Promise<void> {
  await panel.dataChoice.click();
  await panel.frame.getByRole('option', { name, exact: true }).click();
}

async function choose(panel: PrunePanelPage, list: string, option: string): Promise<void> {
  await panel.frame.getByRole('combobox', { name: list, exact: true }).click();
  await panel.frame.getByRole('option', { name: option, exact: true }).click();
}
