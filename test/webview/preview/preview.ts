import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../helpers/browser';
import { collectPageProblems } from '../../helpers/pageProblems';
import { InspectorHost } from './inspectorHost';
import { inspectorScenes } from './inspectorScenes';
import { methodScenes } from './methodScenes';
import { PreviewHost, type PreviewModel } from './previewHost';
import { PreviewPages, type PreviewTheme } from './previewPage';

interface Preview {
  readonly page: Page;
  readonly host: PreviewHost;
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: PreviewTheme;
  readonly locale?: string;
}

/** Takes pictures of the panel in all its states. `root` is the project, `built` the bundles. */
export async function takePictures(
  root: string,
  built: string,
  browserPath: string,
): Promise<void> {
  const only = process.argv.slice(2);
  const studio = new Studio(root, built, await openBrowser(browserPath));
  try {
    await studio.open();
    for (const [name, take] of Object.entries({ ...scenes, ...methodScenes, ...inspectorScenes })) {
      if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
      await take(studio, name);
      console.log(name);
    }
  } finally {
    await studio.close();
  }
  if (studio.problems.length > 0) throw new Error(studio.problems.join('\n'));
}

export class Studio {
  readonly problems: string[] = [];
  readonly #pages: PreviewPages;
  readonly #pictures: string;
  #outputFolder = '';

  constructor(
    readonly root: string,
    built: string,
    readonly browser: Browser,
  ) {
    this.#pages = new PreviewPages(built, path.join(root, 'test/webview/preview'));
    this.#pictures = path.join(root, 'out/webview-preview/pictures');
  }

  async open(): Promise<void> {
    await mkdir(this.#pictures, { recursive: true });
    this.#outputFolder = await mkdtemp(path.join(os.tmpdir(), 'secateur-preview-'));
    await this.#pages.start();
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.#pages.stop();
    await rm(this.#outputFolder, { recursive: true });
  }

  fixture(name: string): string {
    return path.join(this.root, 'test/fixtures', name);
  }

  async show(look: Look, model: Omit<PreviewModel, 'outputFolder'>): Promise<Preview> {
    const { width, height } = look;
    const page = await this.browser.newPage({ viewport: { width, height } });
    const problems = collectPageProblems(page);
    page.on('close', () => this.problems.push(...problems.cspViolations, ...problems.uncaught));
    const host = new PreviewHost(page, { ...model, outputFolder: this.#outputFolder });
    await host.listen();
    await page.goto(this.#pages.address(look.theme, look.locale));
    return { page, host };
  }

  /** The inspector with a model, all of it read. */
  async inspect(look: Look, file: string): Promise<{ page: Page; host: InspectorHost }> {
    const opened = await this.visit(look, file);
    await opened.host.open();
    return opened;
  }

  /** The inspector of a file before it is told anything. */
  async visit(look: Look, file: string): Promise<{ page: Page; host: InspectorHost }> {
    const { width, height, theme, locale } = look;
    const page = await this.browser.newPage({ viewport: { width, height } });
    const problems = collectPageProblems(page);
    page.on('close', () => this.problems.push(...problems.cspViolations, ...problems.uncaught));
    const host = new InspectorHost(page, file);
    await host.listen();
    await page.goto(this.#pages.address(theme, locale, 'inspector'));
    return { page, host };
  }

  async picture(page: Page, name: string): Promise<void> {
    await page.waitForTimeout(250);
    await page.screenshot({ path: path.join(this.#pictures, `${name}.png`) });
    await page.close();
  }
}

export type Scene = (studio: Studio, name: string) => Promise<void>;

const WIDE = { width: 1280, height: 765, theme: 'dark' } as const;

/** The plan of the pictures: two layers left out, one with a sparsity of its own. */
function resnet(studio: Studio): Omit<PreviewModel, 'outputFolder'> {
  return {
    path: studio.fixture('safetensors/resnet.safetensors'),
    data: null,
    recipe: { lock: ['conv1'], exclude: ['fc'], layers: { 'layer3.1.conv2': { sparsity: 0.8 } } },
  };
}

function lenet(studio: Studio): Omit<PreviewModel, 'outputFolder'> {
  return {
    path: studio.fixture('tfjs/lenet5/model.json'),
    data: studio.fixture('datasets/mnist.npz'),
  };
}

function planned(look: Look): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, resnet(studio));
    await host.open();
    await page.locator('[data-layer="layer3.1.conv2"]').click();
    await studio.picture(page, name);
  };
}

function evaluated(look: Look, model = lenet): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, model(studio));
    await host.open();
    await page.locator('.action-bar vscode-button').nth(1).click();
    await page.locator('.measures').waitFor({ state: 'attached' });
    await studio.picture(page, name);
  };
}

function fixtureModel(file: string, data: string) {
  return (studio: Studio): Omit<PreviewModel, 'outputFolder'> => ({
    path: studio.fixture(file),
    data: studio.fixture(data),
  });
}

const onnxDigits = fixtureModel('onnx/lenet5_legacy.onnx', 'datasets/mnist.npz');
const gruWaves = fixtureModel('keras/gru.keras', 'datasets/waves.npz');
const pictures = fixtureModel('keras/lenet5.keras', 'images');
const diabetes = fixtureModel('keras/diabetes_mlp.keras', 'datasets/diabetes.csv');

/** The settings of the data, all unfolded. */
function dataSettings(
  look: Look,
  model: (studio: Studio) => Omit<PreviewModel, 'outputFolder'>,
): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, model(studio));
    await host.open();
    await page.locator('.data-facts + .link').click();
    await page.locator('.more-data .link').click();
    await studio.picture(page, name);
  };
}

/** The lenet after its statistics and plan are there, and then some more. */
function opened(look: Look, then: (preview: Preview) => Promise<void>): Scene {
  return async (studio, name) => {
    const preview = await studio.show(look, lenet(studio));
    await preview.host.open();
    await then(preview);
    await studio.picture(preview.page, name);
  };
}

const scenes: Readonly<Record<string, Scene>> = {
  'plan-1280-dark': planned(WIDE),
  'plan-1280-light': planned({ ...WIDE, theme: 'light' }),
  'plan-1280-hc': planned({ ...WIDE, theme: 'hc' }),
  'plan-932-dark': planned({ width: 932, height: 765, theme: 'dark' }),
  'plan-420-dark': planned({ width: 420, height: 1700, theme: 'dark' }),
  'plan-320-light': planned({ width: 320, height: 1700, theme: 'light' }),
  'plan-1800-dark': planned({ width: 1800, height: 1100, theme: 'dark' }),
  'evaluated-1280-dark': evaluated(WIDE),
  'evaluated-932-light': async (studio, name) => {
    const { page, host } = await studio.show(
      { width: 932, height: 765, theme: 'light' },
      lenet(studio),
    );
    await host.open();
    await page.getByRole('button', { name: 'Evaluate Plan' }).click();
    await page.getByRole('tab', { name: 'Evaluation' }).click();
    await page.getByText('Loss', { exact: true }).first().waitFor();
    await studio.picture(page, name);
  },
  'evaluated-1280-zh': evaluated({ ...WIDE, locale: 'zh-cn' }),
  'plan-320-zh': evaluated({ width: 320, height: 1700, theme: 'dark', locale: 'zh-cn' }),
  'evaluated-420-light': evaluated({ width: 420, height: 1900, theme: 'light' }),
  'onnx-1280-dark': evaluated(WIDE, onnxDigits),
  'onnx-400-dark': evaluated({ width: 400, height: 2400, theme: 'dark' }, onnxDigits),
  'onnx-1600-light': evaluated({ width: 1600, height: 1100, theme: 'light' }, onnxDigits),
  'gru-1280-light': evaluated({ ...WIDE, theme: 'light' }, gruWaves),
  'diabetes-1280-hc': evaluated({ ...WIDE, theme: 'hc' }, diabetes),
  'pictures-1280-light': evaluated({ ...WIDE, theme: 'light' }, pictures),
  'data-pictures-1280-dark': dataSettings({ ...WIDE, height: 1100 }, pictures),
  'data-csv-400-light': dataSettings({ width: 400, height: 1500, theme: 'light' }, diabetes),
  'data-npz-zh': dataSettings({ ...WIDE, height: 1100, locale: 'zh-cn' }, onnxDigits),
  'stale-1280-light': async (studio, name) => {
    const { page, host } = await studio.show({ ...WIDE, theme: 'light' }, lenet(studio));
    await host.open();
    await page.getByRole('button', { name: 'Evaluate Plan' }).click();
    await page.getByText('Loss', { exact: true }).first().waitFor();
    await page.getByRole('slider', { name: 'Sparsity' }).press('PageUp');
    await studio.picture(page, name);
  },
  'result-1280-dark': pruned(WIDE),
  'result-1280-light': pruned({ ...WIDE, theme: 'light' }),
  'result-420-dark': pruned({ width: 420, height: 1500, theme: 'dark' }),
  'dropdown-1280-dark': opened(WIDE, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Target' }).click();
  }),
  'dropdown-1280-hc': opened({ ...WIDE, theme: 'hc' }, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Target' }).click();
  }),
  'units-1280-dark': opened(WIDE, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Target' }).click();
    await page.getByRole('option', { name: 'τ, then units α' }).click();
  }),
  'menu-1280-dark': opened(WIDE, async ({ page }) => {
    await page.locator('[data-layer="fc1"]').click({ button: 'right' });
  }),
  'editing-1280-dark': opened(WIDE, async ({ page }) => {
    await page.locator('[data-layer="fc1"]').dblclick();
    await page.keyboard.type('140');
    await page.keyboard.press('Enter');
  }),
  'editing-420-light': opened({ width: 420, height: 900, theme: 'light' }, async ({ page }) => {
    await page.locator('[data-layer="fc1"]').dblclick();
  }),
  'data-form-1280-dark': opened(WIDE, async ({ page }) => {
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.locator('#field-data\\.rows input').fill('abc');
    await page.keyboard.press('Enter');
  }),
  'table-1280-dark': opened(WIDE, async ({ page }) => {
    await page.locator('[data-layer="fc1"]').click();
    await page.getByRole('button', { name: 'Show as table' }).first().click();
  }),
  'log-1280-dark': opened(WIDE, async ({ page }) => {
    await page.locator('[data-layer="fc1"]').click();
    await page.getByRole('button', { name: 'Logarithmic count' }).first().click();
  }),
  'filter-1280-dark': opened(WIDE, async ({ page }) => {
    await page.getByRole('button', { name: 'Filter layers' }).click();
    await page.keyboard.type('conv');
    await page.getByRole('columnheader', { name: 'Sparsity' }).click();
  }),
  'handle-1280-dark': opened(WIDE, async ({ page }) => {
    await page.locator('[data-layer="fc1"]').click();
    await page.getByRole('slider', { name: 'Threshold of fc1' }).focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowRight');
  }),
  'opening-1280-dark': async (studio, name) => {
    const { page, host } = await studio.show(WIDE, lenet(studio));
    await host.say({ type: 'progress', task: 'open', report: null });
    await studio.picture(page, name);
  },
  'failed-1280-dark': failed(WIDE),
  'failed-420-light': failed({ width: 420, height: 700, theme: 'light' }),
  'banners-1280-dark': opened(WIDE, async ({ host }) => {
    await host.say({ type: 'banner', banner: { kind: 'fileChanged' } });
  }),
  'restarted-420-light': opened({ width: 420, height: 900, theme: 'light' }, async ({ host }) => {
    const reason = 'The worker ran out of memory.';
    await host.say({ type: 'banner', banner: { kind: 'workerRestarted', reason } });
  }),
  'untrusted-1280-hc': async (studio, name) => {
    const look = { ...WIDE, theme: 'hc' } as const;
    const { page, host } = await studio.show(look, { ...lenet(studio), trusted: false });
    await host.open();
    await studio.picture(page, name);
  },
  'pruning-1280-dark': opened(WIDE, async ({ host }) => {
    const report = { phase: 'write', done: 64, total: 100, item: 'fc1/kernel' } as const;
    await host.say({ type: 'progress', task: 'prune', report });
  }),
  'cancelled-1280-dark': opened(WIDE, async ({ host }) => {
    await host.say({ type: 'cancelled', task: 'prune' });
  }),
  'prune-failed-1280-light': opened({ ...WIDE, theme: 'light' }, async ({ host }) => {
    const failure = {
      task: 'prune',
      title: 'lenet5 was not pruned',
      detail: 'The disk is full.',
      assurance: 'The original is untouched, and no file was left behind.',
    } as const;
    await host.say({ type: 'failure', failure });
  }),
  'notices-1280-light': async (studio, name) => {
    const look = { ...WIDE, theme: 'light' } as const;
    const model = { path: studio.fixture('corrupt/nan_inf.safetensors'), data: null };
    const { page, host } = await studio.show(look, model);
    await host.open();
    await page.locator('button.chip').first().click();
    await studio.picture(page, name);
  },
  'zeros-1280-dark': async (studio, name) => {
    const first = await studio.show(WIDE, lenet(studio));
    await first.host.open();
    await first.page.getByRole('button', { name: 'Prune', exact: true }).click();
    const { path: output } = await first.host.outcome();
    await first.page.close();
    const { page, host } = await studio.show(WIDE, { path: output, data: null });
    await host.open();
    await page.getByRole('slider', { name: 'Sparsity' }).press('PageUp');
    await page.locator('[data-layer="fc1"]').click();
    await studio.picture(page, name);
  },
  'no-layers-1280-dark': async (studio, name) => {
    const model = { path: studio.fixture('numpy/iris_mlp_b1.npy'), data: null };
    const { page, host } = await studio.show(WIDE, model);
    await host.open();
    await studio.picture(page, name);
  },
};

function pruned(look: Look): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, lenet(studio));
    await host.open();
    await page.getByRole('button', { name: 'Prune', exact: true }).click();
    await page.getByRole('button', { name: 'Back to Plan' }).waitFor({ timeout: 60_000 });
    await studio.picture(page, name);
  };
}

function failed(look: Look): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, lenet(studio));
    const failure = {
      task: 'open',
      title: 'lenet5 cannot be opened',
      detail: 'tfjs, weights.bin: found 16,374 bytes; allowed is 16,384 bytes.',
      assurance: null,
    } as const;
    await host.say({ type: 'failure', failure });
    await studio.picture(page, name);
  };
}
