import type { ConsoleMessage, Page } from 'playwright-core';

/** What went wrong in a page and in every frame of it, webviews included, as it happens. */
export interface PageProblems {
  /** Breaches of a content security policy, as the browser words them. */
  readonly cspViolations: readonly string[];
  /** Uncaught errors of scripts. */
  readonly uncaught: readonly string[];
}

/** Starts collecting; call before the page is loaded. */
export function collectPageProblems(page: Page): PageProblems {
  const cspViolations: string[] = [];
  const uncaught: string[] = [];
  page.on('console', (message) => {
    const { url, lineNumber } = message.location();
    if (isCspViolation(message)) cspViolations.push(`${message.text()} (${url}:${lineNumber})`);
  });
  page.on('pageerror', (error) => uncaught.push(error.stack ?? error.message));
  return { cspViolations, uncaught };
}

function isCspViolation(message: ConsoleMessage): boolean {
  return /content security policy/i.test(message.text());
}
