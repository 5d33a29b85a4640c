import type { Page } from 'playwright-core';
import type { Look, Scene } from './preview';
import type { PreviewHost } from './previewHost';
import { sensitivityFixture, sweepFixture } from './sweepFixture';

const WIDE: Look = { width: 1280, height: 900, theme: 'dark' };
const NARROW: Look = { width: 400, height: 1700, theme: 'light' };

/** LeNet-5 with its digits, and then some more. */
function digits(look: Look, then: (page: Page, host: PreviewHost) => Promise<void>): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, {
      path: studio.fixture('tfjs/lenet5/model.json'),
      data: studio.fixture('datasets/mnist.npz'),
    });
    await host.open();
    await then(page, host);
    await studio.picture(page, name);
  };
}

async function choose(page: Page, list: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: list, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** LeNet-5 by the norms of its units. */
async function units(page: Page): Promise<void> {
  await choose(page, 'Criterion', 'L1 norm of units');
  await page.locator('[data-layer="fc1"]').click();
  await page.locator('.legend.units').waitFor();
}

function compared(look: Look, then?: (page: Page) => Promise<void>): Scene {
  return digits(look, async (page, host) => {
    const name = look.locale === 'zh-cn' ? '比较准则' : 'Compare criteria';
    await page.getByRole('button', { name }).click();
    await host.say({ type: 'sweep', sweep: sweepFixture(2) });
    await host.say({ type: 'sensitivity', result: sensitivityFixture(), revision: 2 });
    await then?.(page);
  });
}

/** The form of the method, and the comparison of criteria. */
export const methodScenes: Readonly<Record<string, Scene>> = {
  'method-list-1280-dark': digits(WIDE, async (page) => {
    await page.getByRole('combobox', { name: 'Criterion' }).click();
  }),
  'method-taylor-1280-light': digits({ ...WIDE, theme: 'light' }, async (page) => {
    await choose(page, 'Criterion', 'Taylor');
    await page.getByText('Scored on').waitFor();
    await page.locator('[data-layer="fc1"]').click();
  }),
  'method-units-1280-dark': digits(WIDE, units),
  'method-units-1280-hc': digits({ ...WIDE, theme: 'hc' }, units),
  'method-units-400-light': digits({ ...NARROW, height: 2100 }, units),
  'method-units-1280-zh': digits({ ...WIDE, locale: 'zh-cn' }, async (page) => {
    await page.getByRole('combobox').first().click();
    await page.getByRole('option').nth(2).click();
    await page.locator('[data-layer="fc1"]').click();
    await page.locator('.legend.units').waitFor();
  }),
  'method-more-400-light': digits(NARROW, async (page) => {
    await choose(page, 'Criterion', 'Taylor');
    await choose(page, 'Granularity', 'N of M along the inputs…');
    await page.getByRole('button', { name: /^More options/ }).click();
    await choose(page, 'Schedule', 'Cubic (AGP)');
  }),
  'method-nodata-400-hc': async (studio, name) => {
    const { page, host } = await studio.show(
      { ...NARROW, theme: 'hc' },
      { path: studio.fixture('tfjs/lenet5/model.json'), data: null },
    );
    await host.open();
    await page.getByRole('combobox', { name: 'Criterion' }).click();
    await studio.picture(page, name);
  },
  'compare-1280-dark': compared(WIDE, async (page) => {
    await page.getByRole('slider', { name: /^Accuracy against/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
  }),
  'compare-1280-light': compared({ ...WIDE, theme: 'light' }),
  'compare-1280-hc': compared({ ...WIDE, theme: 'hc' }),
  'compare-400-light': compared({ ...NARROW, height: 2300 }),
  'compare-1280-zh': compared({ ...WIDE, locale: 'zh-cn' }),
  'compare-real-1280-dark': digits(WIDE, async (page) => {
    await page.getByRole('button', { name: 'Compare criteria' }).click();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByRole('button', { name: 'Use Best' }).waitFor({ timeout: 120_000 });
  }),
};
