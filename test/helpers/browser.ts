import { chromium, type Browser, type BrowserServer } from 'playwright-core';

const LAUNCH = {
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Size of every page, in CSS pixels. */
export const viewport = { width: 1280, height: 800 };

/** Starts the given Chrome, Chromium or Edge without a window. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ ...LAUNCH, executablePath });
}

/** The same, for several test processes to share; they join by {@link joinBrowser}. */
export function startBrowserServer(executablePath: string): Promise<BrowserServer> {
  return chromium.launchServer({ ...LAUNCH, executablePath });
}

/** Joins the browser of {@link startBrowserServer}; closing the result only leaves it. */
export function joinBrowser(endpoint: string): Promise<Browser> {
  return chromium.connect(endpoint);
}
