// A model of 6 GB is there at once; reading it can be cancelled, or lose its worker, and goes on.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { inspector } from '../helpers/inspectorPage';
import { openWorkbench } from '../helpers/openWorkbench';
import { shows } from '../helpers/shows';
import { writeSparseModel } from '../helpers/sparseModel';
import { openFromExplorer } from '../helpers/workbench';
import { findNewWorker, listWorkers } from '../helpers/workerOfWindow';

const GIBIBYTE = 2 ** 30;

test('reading that is interrupted leaves what is known and goes on when one says so', async (t) => {
  const earlier = await listWorkers();
  const { page, problems, step } = await openWorkbench(t, [], (workspace) =>
    writeSparseModel(path.join(workspace, 'large.safetensors'), 6 * GIBIBYTE),
  );
  const view = inspector(page);
  await openFromExplorer(page, 'large.safetensors');
  await shows(view.cell('dense.weight', 'elements'), '1.6 G');
  await shows(view.header, '6.0 GB');
  const stopped = view.frame.locator('.note-line', { hasText: 'tensors have been read.' });

  await step('when it is cancelled', async () => {
    await view.button('Cancel').click();
    await shows(stopped, '0 of 1 tensors have been read.');
    await shows(view.distribution, 'The values of this tensor have not been read.');
  });
  await step('when its worker is killed', async () => {
    await stopped.getByRole('button', { name: 'Continue' }).click();
    await view.button('Cancel').waitFor();
    const { processId } = await findNewWorker(earlier);
    process.kill(processId, 'SIGKILL');
    const banner = view.frame.locator('.banner');
    await shows(banner, 'The worker was killed by SIGKILL. What was read so far is kept.');
    await banner.getByRole('button', { name: 'Continue' }).click();
    await view.button('Cancel').click();
    await stopped.waitFor();
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await banner.waitFor({ state: 'detached' });
  });
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});
