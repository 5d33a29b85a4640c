// Criteria that look at data, and their comparison, in the panel. Counts of the data and of the
// prunable weights: NumPy, and the shapes of LeNet-5 (150 + 2,400 + 48,000 + 10,080 + 840).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { shows, showsAttribute, showsValue } from '../helpers/shows';
import { contextMenu, editorTab, explorerRow, runCommand, quickInput } from '../helpers/workbench';

const FILES = ['test/fixtures/onnx/lenet5_legacy.onnx', 'test/fixtures/datasets/mnist.npz'];

test('a criterion that needs data is scored on it, with progress, and pruned by', async (t) => {
  const { page, problems, step } = await openWorkbench(t, FILES);
  await contextMenu(page, explorerRow(page, 'lenet5_legacy.onnx'), 'Prune Model…');
  await editorTab(page, 'Prune lenet5_legacy.onnx').waitFor();
  const panel = prunePanel(page);
  await shows(panel.prediction, 'Weights zeroed 30,735 of 61,470');

  await step('without data it cannot be chosen, and says why', async () => {
    await panel.frame.getByRole('combobox', { name: 'Criterion' }).click();
    const taylor = panel.frame.getByRole('option', { name: 'Taylor, needs data', exact: true });
    await showsAttribute(taylor, 'aria-disabled', 'true');
    await page.keyboard.press('Escape');
  });

  await step('with data it is, and the plan says what it was scored on', async () => {
    await choose(panel, 'Data', 'mnist.npz');
    await shows(panel.frame.locator('.data-facts'), '1,000 samples');
    await choose(panel, 'Criterion', 'Taylor');
    await panel.frame.getByRole('progressbar', { name: 'Scoring…' }).waitFor();
    await shows(panel.prediction, /Weights zeroed 30,735 of 61,470.*Scored on 1,000 samples/);
    await shows(panel.prediction, /Threshold score ≤/);
    await panel.thresholdHandle.waitFor({ state: 'detached' });
  });

  await step('pruning takes the same share of the weights, by that criterion', async () => {
    await panel.sparsityField.fill('80');
    await panel.sparsityField.press('Enter');
    await shows(panel.prediction, 'Weights zeroed 49,176 of 61,470');
    await panel.button('Prune').click();
    await shows(panel.heading, 'lenet5_legacy.pruned.onnx');
    await shows(panel.frame.locator('.facts'), /Taylor.*target 80 %/);
    await shows(panel.frame.locator('.done'), '80.0 % of the weights in the plan are zero');
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

test('criteria are compared, and the best under the bound becomes the plan', async (t) => {
  const { page, problems, step } = await openWorkbench(t, FILES);
  const panel = prunePanel(page);

  await step('the palette leads to the comparison of a model', async () => {
    await runCommand(page, 'Secateur: Compare Criteria…');
    await quickInput(page).fill('lenet5');
    await page.locator('.quick-input-list .monaco-list-row.focused').waitFor();
    await page.keyboard.press('Enter');
    await panel.frame.getByRole('region', { name: 'Compare criteria' }).waitFor();
    await choose(panel, 'Data', 'mnist.npz');
    await panel.frame.getByRole('checkbox', { name: 'Taylor', exact: true }).waitFor();
  });

  await step('chosen criteria are drawn, with the best under the bound', async () => {
    for (const name of ['Taylor', 'Wanda']) {
      await panel.frame.getByRole('checkbox', { name, exact: true }).click();
    }
    await panel.frame.getByRole('checkbox', { name: 'Random', exact: true }).click();
    const size = panel.frame.getByRole('textbox', { name: 'Step between sparsities' });
    await size.fill('20');
    await size.press('Enter');
    await panel.button('Compare').click();
    await panel.button('Use Best').waitFor({ timeout: 90_000 });
    const table = panel.frame.getByRole('region', { name: 'Accuracy at sparsity, %' });
    await shows(table, /Magnitude.*LAMP.*Random/);
  });

  await step('the keyboard reads the points out', async () => {
    const chart = panel.frame.getByRole('slider', { name: /^Accuracy against sparsity/ });
    await chart.press('ArrowRight');
    await chart.press('End');
    await showsAttribute(chart, 'aria-valuetext', /^Magnitude at 90 %: \d+\.\d %/);
  });

  await step('the best becomes the plan, as one change that can be undone', async () => {
    const best = (await panel.frame.locator('.best-line .strong').innerText()).replace(/\s/g, ' ');
    const [, criterion = '', sparsity = ''] = /^Best: (.+) at (\d+ %)/.exec(best) ?? [];
    await panel.button('Use Best').click();
    await shows(panel.choiceOf('Criterion'), criterion);
    await showsValue(panel.sparsityField, sparsity);
    await panel.undo.click();
    await showsValue(panel.sparsityField, '50 %');
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

async function choose(panel: PrunePanelPage, list: string, option: string): Promise<void> {
  await panel.frame.getByRole('combobox', { name: list, exact: true }).click();
  await panel.frame.getByRole('option', { name: option, exact: true }).click();
}
