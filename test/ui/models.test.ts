// Models that are not TensorFlow.js: what can be done with each, and what is said where it cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel } from '../helpers/prunePanel';
import { shows, showsAttribute } from '../helpers/shows';
import { contextMenu, editorTab, explorerRow, unfoldFolder } from '../helpers/workbench';

test('each format is told for what it is', async (t) => {
  const { page, problems, step } = await openWorkbench(t, [
    'samples/iris',
    'test/fixtures/safetensors/resnet.safetensors',
    'test/fixtures/corrupt/st_truncated_data.safetensors',
  ]);
  const panel = prunePanel(page);

  await step('a NumPy model runs by the architecture of the recipe beside it', async () => {
    await unfoldFolder(page, 'iris');
    await contextMenu(page, explorerRow(page, 'iris_mlp.npz'), 'Prune Model…');
    await editorTab(page, 'Prune iris_mlp.npz').waitFor();
    await shows(panel.row('hidden'), '31.3 %');
    await shows(panel.choiceOf('Target'), 'τ, then units α');
    await shows(panel.choiceOf('Data'), 'iris.csv');
    await shows(panel.prediction, 'Units zeroed 2');
    await panel.button('Evaluate Plan').click();
    await shows(panel.evaluationTab, '98.0 %');
    await panel.evaluationTab.click();
    await shows(panel.measure('Accuracy by folds'), '98.0 % ± 2.7');
    await shows(panel.measure('Loss'), /^Loss 0\.0147 .*0\.0185 /);
  });

  await step('weights alone are pruned but not evaluated, with the reason', async () => {
    await contextMenu(page, explorerRow(page, 'resnet.safetensors'), 'Prune Model…');
    await editorTab(page, 'Prune resnet.safetensors').waitFor();
    await shows(panel.heading, 'resnet.safetensors');
    await panel.frame.getByText('Weights only', { exact: true }).waitFor();
    const evaluate = panel.frame.locator('vscode-button', { hasText: 'Evaluate Plan' });
    await panel.frame.locator('vscode-button[disabled]', { hasText: 'Evaluate Plan' }).waitFor();
    const reason = 'This model cannot be run, so it cannot be evaluated.';
    await showsAttribute(evaluate, 'title', reason);
    await panel.evaluationTab.click();
    await shows(panel.evaluation, /^.*This model cannot be run: .*not evaluated\.$/);
    await panel.frame.getByText('A file of weights alone cannot be evaluated.').waitFor();
  });

  await step('a damaged file is refused with place, found and allowed', async () => {
    await contextMenu(page, explorerRow(page, 'st_truncated_data.safetensors'), 'Prune Model…');
    await editorTab(page, 'Prune st_truncated_data.safetensors').waitFor();
    const failure = panel.frame.getByRole('alert');
    await shows(failure, 'st_truncated_data.safetensors cannot be opened');
    await shows(failure, /safetensors, data.*: found a file of 20000 bytes; allowed is 36312/);
    await panel.button('Reload File').waitFor();
    await panel.button('Show Log').waitFor();
  });

  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});
