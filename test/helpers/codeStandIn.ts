#!/usr/bin/env node
// Takes the place of the desktop VS Code that @vscode/test-electron starts: the same command line and
// exit code, but the window is the workbench of a VS Code server in a browser without a window.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { format } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, viewport } from './browser';
import { startCodeServer, type CodeServer } from './codeServer';
import { parseCodeArguments, type CodeArguments } from './codeArguments';
import { requiredEnvironment } from './requiredEnvironment';

const LIMIT_MS = 300_000;

/** Lines that VS Code writes on every start, whatever the extension does. */
const NOISE = [
  /^Canceled/,
  /^Resolv(ing|ed) connection token/,
  /^Creating a socket/,
  /^Creation of workbench contribution/,
  /^\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)/,
  /^(Ignoring fetching|Updating) additional builtin/,
  /^Started local extension host/,
  /^ComputeTargetPlatform/,
  // Native modules that were not built; VS Code does without them.
  /^(Error: )?(Could not locate the bindings file|Cannot find module '\.\/build\/Release)/,
];

// Leaving by exit() lets go of the server; a signal's default would leave it running.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(130));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const codeArguments = parseCodeArguments(process.argv.slice(2));
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'secateur-'));
  const server = await startCodeServer({
    program: {
      node: requiredEnvironment('SECATEUR_HOST_NODE'),
      entry: requiredEnvironment('SECATEUR_HOST_ENTRY'),
    },
    dataFolder,
    // Without this VS Code ignores which tests the address asks for.
    extraArguments: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  const browser = await openBrowser(requiredEnvironment('CHROMIUM'));
  try {
    return await runWindow(browser, server, codeArguments);
  } finally {
    await browser.close();
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** Opens the window and waits for the exit code that VS Code itself asks for. */
async function runWindow(
  browser: Browser,
  server: CodeServer,
  codeArguments: CodeArguments,
): Promise<number> {
  const page = await browser.newPage({ viewport });
  const exitCode = new Promise<number>((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  await forwardLog(page);
  await page.goto(windowUrl(server, codeArguments));
  const gone = new Promise<string>((resolve) => {
    browser.once('disconnected', () => resolve('the browser ended'));
  });
  const late = delay(LIMIT_MS, `no result in ${LIMIT_MS} ms`, { ref: false });
  const outcome = await Promise.race([exitCode, gone, late]);
  if (typeof outcome === 'number') return outcome;
  throw new Error(outcome);
}

/** In automation mode VS Code hands over every line of its logs, the extension host's console included. */
async function forwardLog(page: Page): Promise<void> {
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    const line = format(...args);
    if (NOISE.some((noise) => noise.test(line))) return;
    (type === 'error' ? process.stderr : process.stdout).write(`${line}\n`);
  });
}

function windowUrl({ port, url }: CodeServer, codeArguments: CodeArguments): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`;
  const payload = [
    ...codeArguments.developmentPaths.map((folder) => ['extensionDevelopmentPath', remote(folder)]),
    ['extensionTestsPath', remote(codeArguments.testsPath)],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (codeArguments.target === null) query.set('ew', 'true');
  else query.set('folder', path.resolve(codeArguments.target));
  return `${url}/?${query.toString()}`;
}
