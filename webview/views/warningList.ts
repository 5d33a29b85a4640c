import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../components/icon';

/** What a plan or a run wants the user to know, one a line; nothing where there is nothing. */
export function warningList(texts: readonly string[]): TemplateResult | typeof nothing {
  if (texts.length === 0) return nothing;
  return html`<ul class="notices">
    ${texts.map((text) => html`<li>${icon('warning', 'warning')}<span>${text}</span></li>`)}
  </ul>`;
}
