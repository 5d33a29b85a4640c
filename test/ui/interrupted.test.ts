// What a user sees, and finds on the disk, when long work is cancelled or its process is killed.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeNpz } from '../../src/core/formats/numpy/encodeNpz';
import { openWorkbench } from '../helpers/openWorkbench';
import { prunePanel, type PrunePanelPage } from '../helpers/prunePanel';
import { seededRandom } from '../helpers/random';
import { writeRandomModel } from '../helpers/randomModel';
import { shows } from '../helpers/shows';
import { waitFor } from '../helpers/waitFor';
import { contextMenu, explorerRow, unfoldFolder } from '../helpers/workbench';
import { findNewWorker, listWorkers } from '../helpers/workerOfWindow';

/** Large enough that pruning it lasts until the next click. */
const MODEL_MEBIBYTES = 48;
/** Between the click and the page that says so. It is 200 ms on an idle machine. */
const CANCEL_LIMIT_MS = 1000;

test('a cancelled evaluation says so, and the next one runs', async (t) => {
  const { page } = await openWorkbench(t, ['test/fixtures/tfjs/lenet5'], (workspace) =>
    writeFile(path.join(workspace, 'many.npz'), manyImages(5_000)),
  );
  await unfoldFolder(page, 'lenet5');
  await contextMenu(page, explorerRow(page, 'model.json'), 'Prune Model…');
  const panel = prunePanel(page);
  await panel.dataChoice.click();
  await panel.frame.getByRole('option', { name: '../many.npz' }).click();
  await shows(panel.frame.locator('.data-facts'), '5,000 samples');
  await watchCancel(panel);
  await panel.button('Evaluate Plan').click();
  await panel.frame.getByText('Evaluating', { exact: false }).first().waitFor();
  await panel.button('Cancel').click();
  await assertCancelled(t, panel);
  await panel.button('Evaluate Plan').click();
  await shows(panel.evaluationTab, /\d\.\d %$/);
});

test('an interrupted prune leaves nothing behind', async (t) => {
  const earlier = await listWorkers();
  const { page, workspace, step } = await openWorkbench(t, [], writeLargeModel);
  await contextMenu(page, explorerRow(page, 'large.safetensors'), 'Prune Model…');
  const panel = prunePanel(page);
  await shows(panel.prediction, 'Weights zeroed 6,291,456 of 12,582,912');

  await step('when it is cancelled, and the panel says so', async (subtest) => {
    await watchCancel(panel);
    const place = await panel.button('Prune').boundingBox();
    assert.ok(place);
    await startPrune(panel, workspace);
    // *Cancel* stands where *Prune* was; looking for it first would take longer than the prune.
    await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
    await panel.frame.getByText('Cancelled. No file was written.').waitFor();
    await assertCancelled(subtest, panel);
    await waitFor('an empty folder', async () =>
      (await readdir(workspace)).length === 1 ? true : undefined,
    );
    assert.deepEqual(await readdir(workspace), ['large.safetensors']);
  });

  await step('when the worker is killed, and the panel says so', async () => {
    const { processId } = await findNewWorker(earlier);
    await startPrune(panel, workspace);
    process.kill(processId, 'SIGKILL');
    const failure = panel.frame.getByRole('alert');
    await shows(failure, 'large.safetensors was not pruned The worker was killed by SIGKILL.');
    await shows(failure, 'The original is untouched, and no file was left behind.');
    assert.deepEqual(await readdir(workspace), ['large.safetensors']);
    const banner = panel.frame.locator('.banner');
    await shows(banner, 'The worker was killed by SIGKILL. The plan is kept, nothing was written.');
    await banner.getByRole('button', { name: 'Show Log' }).click();
    await page.locator('.part.panel .action-item.checked', { hasText: 'Output' }).waitFor();
  });

  await step('and the next one works', async () => {
    await panel.button('Prune').click();
    await shows(panel.heading, 'large.pruned.safetensors');
    const names = await readdir(workspace);
    assert.deepEqual(names, ['large.pruned.safetensors', 'large.safetensors']);
    const [pruned, original] = names.map((name) => statSync(path.join(workspace, name)).size);
    assert.equal(pruned, original);
  });
});

function writeLargeModel(workspace: string): Promise<void> {
  return writeRandomModel(path.join(workspace, 'large.safetensors'), MODEL_MEBIBYTES);
}

/** Clicks *Prune* and waits until its temporary folder is there. */
async function startPrune(panel: PrunePanelPage, workspace: string): Promise<void> {
  await panel.button('Prune').click();
  await waitFor('the temporary folder', async () =>
    (await readdir(workspace)).some((name) => name.startsWith('.secateur-')) ? true : undefined,
  );
}

/** Lets the page note how long it is from a click on *Cancel* until it says that something was. */
function watchCancel({ frame }: PrunePanelPage): Promise<void> {
  return frame.locator('body').evaluate((body) => {
    let clickedAt: number | null = null;
    const onClick = ({ target }: Event): void => {
      const text = target instanceof Element ? target.textContent : '';
      if (text.trim() === 'Cancel') clickedAt = performance.now();
    };
    body.addEventListener('click', onClick, { capture: true });
    const observer = new MutationObserver(() => {
      const sentence = body.querySelector('.action-bar .sentence')?.textContent ?? '';
      if (clickedAt === null || !sentence.includes('Cancelled')) return;
      observer.disconnect();
      body.dataset['cancelledAfter'] = String(performance.now() - clickedAt);
    });
    observer.observe(body, { subtree: true, childList: true, characterData: true });
  });
}

/** Asserts that the cancel which {@link watchCancel} watched took effect in time, and tells when. */
async function assertCancelled(t: TestContext, { frame }: PrunePanelPage): Promise<void> {
  const noted = await waitFor('the page to say that it is cancelled', async () => {
    const value = await frame.locator('body').getAttribute('data-cancelled-after');
    return value ?? undefined;
  });
  const elapsed = Number(noted);
  t.diagnostic(`cancelled ${elapsed.toFixed(0)} ms after the click`);
  assert.ok(elapsed < CANCEL_LIMIT_MS, `cancelled within ${CANCEL_LIMIT_MS} ms`);
}

/** Random images with random labels, as many as keep an evaluation going for some seconds. */
function manyImages(count: number): Uint8Array {
  const random = seededRandom(2);
  return encodeNpz([
    {
      name: 'x',
      shape: [count, 28, 28, 1],
      values: Float32Array.from({ length: count * 784 }, random),
    },
    { name: 'y', shape: [count], values: Float32Array.from({ length: count }, (_, i) => i % 10) },
  ]);
}
