import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { focusOnce } from './focusOnce';

/** What a field shows, and what is done with the text. */
export interface TextField {
  readonly id: string;
  /** Not drawn: the form has its own. Read by screen readers. */
  readonly label: string;
  readonly text: string;
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly size?: 'full' | 'number' | 'wide' | 'row';
  /** Takes the focus when it appears. */
  readonly autofocus?: boolean;
  readonly onType: (text: string) => void;
  /** Enter, or the focus leaves a changed field. */
  readonly onCommit: (text: string) => void;
  /** Escape. */
  readonly onCancel?: () => void;
  /** The focus leaves, changed or not. */
  readonly onLeave?: () => void;
}

/** A field of one line. The text of its error stands below it, not in it. */
export function textField(field: TextField): TemplateResult {
  const textOf = (event: Event) =>
    (event.currentTarget as HTMLElement & { readonly value: string }).value;
  return html`<vscode-text-field
    id=${field.id}
    class="${field.size ?? 'full'} ${field.error ? 'invalid' : ''}"
    placeholder=${field.placeholder ?? nothing}
    aria-invalid=${field.error ? 'true' : nothing}
    ?disabled=${field.disabled === true}
    .value=${live(field.text)}
    @input=${(event: Event) => field.onType(textOf(event))}
    @change=${(event: Event) => field.onCommit(textOf(event))}
    @keydown=${(event: KeyboardEvent) => onKey(event, field, textOf(event))}
    @focusout=${() => field.onLeave?.()}
    ${field.autofocus === true ? focusOnce() : nothing}
    >${field.label}</vscode-text-field
  >`;
}

function onKey(event: KeyboardEvent, field: TextField, text: string): void {
  if (event.key === 'Escape' && field.onCancel) {
    event.stopPropagation();
    field.onCancel();
  } else if (event.key === 'Enter') {
    event.stopPropagation();
    field.onCommit(text);
  }
}
