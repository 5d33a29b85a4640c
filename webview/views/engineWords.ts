import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Evaluation } from '../../src/core/evaluation/evaluation';

/** An engine's name, and why it was not another one; null where it is the one that was meant. */
export interface EngineWords {
  readonly name: string;
  readonly reason: string | null;
}

/** Takes an engine's own description apart, which says after a semicolon why it stepped in. */
export function engineWords(engine: string): EngineWords {
  const end = engine.indexOf('; ');
  return end < 0
    ? { name: engine, reason: null }
    : { name: engine.slice(0, end), reason: engine.slice(end + 2) };
}

/** What ran the networks, and why it was not another engine. */
export function engineLine(
  before: Evaluation | null,
  after: Evaluation | null,
): TemplateResult | typeof nothing {
  const engine = after?.engine ?? before?.engine;
  if (engine === undefined) return nothing;
  const { name, reason } = engineWords(engine);
  return html`<p class="engine-line sec">
    ${l10n.t('Ran on {0}', name)}${reason === null ? nothing : html`; <span>${reason}</span>`}
  </p>`;
}
