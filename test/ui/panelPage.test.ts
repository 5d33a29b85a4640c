import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Recipe } from '../../src/core/recipe/recipe';
import { openPreview } from '../webview/preview/openPreview';
import type { PreviewHost } from '../webview/preview/previewHost';
import { showsAttribute } from '../helpers/shows';
import { waitFor } from '../helpers/waitFor';

// The panel's page alone, in the browser, with the pipeline behind it but without VS Code: what
// takes many small steps with the mouse and the keyboard.

const LENET = { path: 'tfjs/lenet5/model.json' };

/** Waits until the last recipe that the page sent is such a one. */
async function changedTo(
  host: PreviewHost,
  what: string,
  is: (recipe: Recipe) => boolean,
): Promise<void> {
  await waitFor(what, () => {
    const recipe = host.receivedAll('changeRecipe').at(-1)?.recipe;
    return recipe !== undefined && is(recipe) ? true : undefined;
  });
}

async function sparsityOf(page: Page, layer: string): Promise<string> {
  return page.locator(`[data-layer="${layer}"] .c-after`).innerText();
}

test('dragging a threshold shows its effect at once and is one change when it is let go', async (t) => {
  const { page, host, problems } = await openPreview(t, LENET);
  await host.open();
  await page.locator('[data-layer="fc1"]').click();
  const planned = await sparsityOf(page, 'fc1');
  const grip = page.getByRole('slider', { name: 'Threshold of fc1' });
  const box = await grip.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 12, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y + 12);
  await page.mouse.move(box.x + 32, box.y + 40);
  await waitFor('the row to follow', async () =>
    (await sparsityOf(page, 'fc1')) === planned ? undefined : true,
  );
  assert.deepEqual(host.receivedAll('changeRecipe'), []);
  await page.mouse.up();
  const { recipe } = await host.receivedFirst('changeRecipe');
  const threshold = recipe.layers['fc1']?.threshold ?? 0;
  assert.ok(threshold > 0.0628 && threshold < 0.15, `dragged to ${threshold}`);
  await page.getByRole('button', { name: 'Use plan' }).click();
  await changedTo(host, 'no override', ({ layers }) => Object.keys(layers).length === 0);
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

test('the left line drags too, and Escape gives back the value before the drag', async (t) => {
  const { page, host } = await openPreview(t, LENET);
  await host.open();
  await page.locator('[data-layer="fc1"]').click();
  const planned = await sparsityOf(page, 'fc1');
  const line = await page.locator('.threshold-line').first().boundingBox();
  assert.ok(line);
  await page.mouse.move(line.x + 4, line.y + 60);
  await page.mouse.down();
  await page.mouse.move(line.x - 40, line.y + 60);
  await waitFor('the row to follow', async () =>
    (await sparsityOf(page, 'fc1')) === planned ? undefined : true,
  );
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await waitFor('the row to return', async () =>
    (await sparsityOf(page, 'fc1')) === planned ? true : undefined,
  );
  assert.deepEqual(host.receivedAll('changeRecipe'), []);
});

test('a run of keys on the threshold is one change', async (t) => {
  const { page, host } = await openPreview(t, LENET);
  await host.open();
  await page.locator('[data-layer="fc2"]').click();
  const grip = page.getByRole('slider', { name: 'Threshold of fc2' });
  await grip.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'PageUp']) {
    await page.keyboard.press(key);
  }
  await host.receivedFirst('changeRecipe');
  await page.waitForTimeout(700);
  assert.equal(host.receivedAll('changeRecipe').length, 1);
  const text = await grip.getAttribute('aria-valuetext');
  assert.match(text ?? '', /^0\.0\d+, prunes \d+\.\d\s%, [\d,]+ of 10,080$/u);
  await page.keyboard.press('Home');
  await page.keyboard.press('Escape');
  const threshold = text?.split(',')[0] ?? '';
  await waitFor('the threshold before', async () =>
    (await grip.getAttribute('aria-valuetext'))?.startsWith(`${threshold},`) ? true : undefined,
  );
});

test('the list is worked by keys alone: move, edit, lock, exclude, sort', async (t) => {
  const { page, host, problems } = await openPreview(t, LENET);
  await host.open();
  const grid = page.getByRole('grid', { name: 'Layers' });
  await grid.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await waitFor('the selection', () =>
    host.receivedAll('selectLayer').at(-1)?.layer === 'fc2' ? true : undefined,
  );
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Override of fc2' }).waitFor();
  await page.keyboard.type('80');
  await page.keyboard.press('Enter');
  const { recipe } = await host.receivedFirst('changeRecipe');
  assert.deepEqual(recipe.layers, { fc2: { sparsity: 0.8 } });
  await waitFor('the focus to return', async () =>
    (await grid.evaluate((element) => element === document.activeElement)) ? true : undefined,
  );
  await page.keyboard.press('l');
  await page.getByRole('gridcell', { name: 'Locked by you' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await page.getByRole('gridcell', { name: 'Excluded, output layer' }).waitFor();
  await changedTo(host, 'fc3 excluded', ({ exclude }) => exclude.join() === 'fc3');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.locator('[role="columnheader"][aria-sort="descending"]').waitFor();
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

test('the menu of a row opens and is worked by the keyboard', async (t) => {
  const { page, host } = await openPreview(t, LENET);
  await host.open();
  await page.getByRole('grid', { name: 'Layers' }).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const { recipe } = await host.receivedFirst('changeRecipe');
  assert.deepEqual(recipe.exclude, ['conv1']);
  await page.getByRole('menu').waitFor({ state: 'detached' });
});

test('F6 goes from area to area', async (t) => {
  const { page, host } = await openPreview(t, LENET);
  await host.open();
  const areas: string[] = [];
  for (let press = 0; press < 5; press++) {
    await page.keyboard.press('F6');
    const area = () => document.activeElement?.closest<HTMLElement>('[data-area]')?.dataset['area'];
    areas.push((await page.evaluate(area)) ?? 'none');
  }
  assert.deepEqual(areas, ['method', 'layers', 'detail', 'evaluation', 'actions']);
});

test('a refused value says why and changes nothing', async (t) => {
  const { page, host } = await openPreview(t, LENET);
  await host.open();
  const field = page.getByRole('textbox', { name: 'Sparsity', exact: true });
  await field.fill('140');
  await field.press('Enter');
  await page.getByRole('alert').getByText('Between 0 and 100 %').waitFor();
  await field.press('Escape');
  await waitFor('the value before', async () =>
    (await field.inputValue()) === '50\u00a0%' ? true : undefined,
  );
  await field.fill('60');
  await field.press('Enter');
  const { recipe } = await host.receivedFirst('changeRecipe');
  assert.equal(recipe.sparsity, 0.6);
});

test('a narrow panel has the same parts, folded away by their titles', async (t) => {
  const { page, host } = await openPreview(t, LENET, { width: 420, height: 800 });
  await host.open();
  const twist = page.getByRole('button', { name: 'Prediction' });
  await showsAttribute(twist, 'aria-expanded', 'false');
  await twist.click();
  await page.getByText('Weights zeroed', { exact: true }).waitFor();
});
