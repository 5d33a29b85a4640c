import { html, nothing, type TemplateResult } from 'lit-html';

/** A command that reads as a link. It is a button, because it leads to no address. */
export function link(
  label: string,
  onClick: () => void,
  options: { readonly disabled?: boolean; readonly expanded?: boolean } = {},
): TemplateResult {
  return html`<button
    type="button"
    class="link"
    ?disabled=${options.disabled === true}
    aria-expanded=${options.expanded ?? nothing}
    @click=${onClick}
  >
    ${label}
  </button>`;
}
