import { html, nothing, type TemplateResult } from 'lit-html';

/** What a button says and does. */
export interface Button {
  readonly label: string;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Why it is disabled, or what exactly it does. */
  readonly title?: string | null;
  readonly onClick: () => void;
}

/** A push button. */
export function button(options: Button): TemplateResult {
  return html`<vscode-button
    appearance=${options.primary === true ? 'primary' : 'secondary'}
    ?disabled=${options.disabled === true}
    title=${options.title ?? nothing}
    @click=${options.onClick}
    >${options.label}</vscode-button
  >`;
}
