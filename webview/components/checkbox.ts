import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';

/** What a checkbox says and does. */
export interface Checkbox {
  readonly label: string | TemplateResult;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly title?: string | null;
  readonly onChange: (checked: boolean) => void;
}

/** A box to check, with its label. */
export function checkbox(options: Checkbox): TemplateResult {
  const change = (event: Event) => {
    const { checked } = event.currentTarget as HTMLElement & { readonly checked: boolean };
    if (checked !== options.checked) options.onChange(checked);
  };
  return html`<vscode-checkbox
    title=${options.title ?? nothing}
    ?disabled=${options.disabled === true}
    .checked=${live(options.checked)}
    @change=${change}
    >${options.label}</vscode-checkbox
  >`;
}
