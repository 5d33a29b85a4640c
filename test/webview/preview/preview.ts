import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../helpers/browser';
import { collectPageProblems } from '../../helpers/pageProblems';
import { PreviewHost, type PreviewModel } from './previewHost';
import { PreviewPages, type PreviewTheme } from './previewPage';

interface Preview {
  readonly page: Page;
  readonly host: PreviewHost;
}

interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: PreviewTheme;
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
    for (const [name, take] of Object.entries(scenes)) {
      if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
      await take(studio, name);
      console.log(name);
    }
  } finally {
    await studio.close();
  }
  if (studio.problems.length > 0) throw new Error(studio.problems.join('\n'));
}

class Studio {
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
    await page.goto(this.#pages.address(look.theme));
    return { page, host };
  }

  async picture(page: Page, name: string): Promise<void> {
    await page.waitForTimeout(250);
    await page.screenshot({ path: path.join(this.#pictures, `${name}.png`) });
    await page.close();
  }
}

type Scene = (studio: Studio, name: string) => Promise<void>;

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

function evaluated(look: Look): Scene {
  return async (studio, name) => {
    const { page, host } = await studio.show(look, lenet(studio));
    await host.open();
    await page.getByRole('button', { name: 'Evaluate Plan' }).click();
    await page.getByText('Loss', { exact: true }).first().waitFor({ state: 'attached' });
    await page.waitForTimeout(300);
    await studio.picture(page, name);
  };
}

const scenes: Readonly<Record<string, Scene>> = {
  'plan-1280-dark': planned(WIDE),
  'plan-1280-light': planned({ ...WIDE, theme: 'light' }),
  'plan-1280-hc': planned({ ...WIDE, theme: 'hc' }),
  'plan-932-dark': planned({ width: 932, height: 765, theme: 'dark' }),
  'plan-420-dark': planned({ width: 420, height: 1700, theme: 'dark' }),
  'plan-320-light': planned({ width: 320, height: 1700, theme: 'light' }),
  'evaluated-1280-dark': evaluated(WIDE),
  'evaluated-420-light': evaluated({ width: 420, height: 1900, theme: 'light' }),
};
