// A model of ten thousand tensors: all are measured, those in sight first, and the table stays smooth.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { inspector, type InspectorPageParts } from '../helpers/inspectorPage';
import { writeManyTensors } from '../helpers/manyTensors';
import { openWorkbench } from '../helpers/openWorkbench';
import { shows } from '../helpers/shows';
import { openFromExplorer } from '../helpers/workbench';

const COUNT = 10_000;
/** Of a frame while the table scrolls: it is drawn by software, and the machine may be busy. */
const MEDIAN_FRAME_MS = 400;

test('ten thousand tensors scroll, sort and filter at once', async (t) => {
  const { page, problems } = await openWorkbench(t, [], (workspace) =>
    writeManyTensors(path.join(workspace, 'many.safetensors'), COUNT),
  );
  const view = inspector(page);
  await page.setViewportSize({ width: 1600, height: 900 });
  const start = performance.now();
  await openFromExplorer(page, 'many.safetensors');
  await shows(view.header, '10,000 tensors');
  await view.table.focus();
  await page.keyboard.press('End');
  const last = `block.${COUNT - 1}.weight`;
  await shows(view.cell(last, 'mean'), /\d/);
  await shows(view.header, 'No NaN or infinite values');
  t.diagnostic(`all read ${(performance.now() - start).toFixed(0)} ms after the click`);
  const drawn = await view.rows.count();
  assert.ok(drawn < 100, `${drawn} rows are drawn`);
  const { frames, madeAnew } = await scrollByWheel(view);
  assert.equal(madeAnew, 0, 'rows are used again, not made anew');
  const sorted = [...frames].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
  const slowest = sorted.at(-1) ?? Infinity;
  t.diagnostic(
    `${frames.length} frames, median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(0)} ms`,
  );
  assert.ok(median < MEDIAN_FRAME_MS, `median ${median.toFixed(1)} ms`);
  await view.columnHeader('Mean').click();
  await shows(view.rows.first(), /0\.1\d\d/);
  await view.filter.fill('block.1234');
  await shows(view.frame.locator('.tensor-tools .badge'), '1 of 10,000');
  await view.row('block.1234.weight').waitFor();
  assert.deepEqual(problems, { cspViolations: [], uncaught: [] });
});

interface Scroll {
  /** How long each frame took, in milliseconds. */
  readonly frames: readonly number[];
  /** Rows at the end that were not there at the beginning. */
  readonly madeAnew: number;
}

/** Scrolls three rows a frame, as a wheel does. */
function scrollByWheel({ table }: InspectorPageParts): Promise<Scroll> {
  return table.locator('.list').evaluate(async (list) => {
    const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
    const frames: number[] = [];
    list.scrollTop = 6600;
    await frame();
    let before = await frame();
    const rows = new Set(list.querySelectorAll('[data-row]'));
    for (let step = 1; step <= 90; step++) {
      list.scrollTop += 66;
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
    const madeAnew = [...list.querySelectorAll('[data-row]')].filter((row) => !rows.has(row));
    return { frames, madeAnew: madeAnew.length };
  });
}
