import { html, nothing, type TemplateResult } from 'lit-html';
import { textField, type TextField } from '../components/textField';
import type { Ui } from './ui';

/** A label and its control, two cells of the form's grid, and what is wrong with it below. */
export function formRow(
  label: string,
  control: TemplateResult,
  below: { readonly note?: string | TemplateResult; readonly error?: string | null } = {},
): TemplateResult {
  return html`<span class="label">${label}</span>
    <div class="control">${control}</div>
    ${below.error ? html`<div class="field-error" role="alert">${below.error}</div>` : nothing}
    ${below.note === undefined ? nothing : html`<div class="note">${below.note}</div>`}`;
}

/** A field for one value of the recipe. */
export interface ValueField {
  readonly field: string;
  readonly label: string;
  /** The accepted value as text; shown unless something else is being typed. */
  readonly text: string;
  readonly size?: TextField['size'];
  readonly placeholder?: string;
  readonly disabled?: boolean;
  /** Takes the typed text, or says why not. */
  readonly accept: (text: string) => { readonly error: string } | null;
}

/** A field whose text is kept while it is typed, refused with a reason, and given back by Escape. */
export function valueField(ui: Ui, options: ValueField): TemplateResult {
  const { field } = options;
  const typed = ui.state.view.fields[field];
  return textField({
    id: fieldId(field),
    label: options.label,
    text: typed?.text ?? options.text,
    error: typed?.error ?? null,
    size: options.size ?? 'full',
    ...(options.placeholder === undefined ? {} : { placeholder: options.placeholder }),
    disabled: options.disabled === true,
    onType: (text) => ui.dispatch({ type: 'typeField', field, text }),
    onCommit: (text) => {
      const refusal = options.accept(text);
      if (refusal === null) ui.dispatch({ type: 'endField', field });
      else ui.dispatch({ type: 'refuseField', field, error: refusal.error });
    },
    onCancel: () => ui.dispatch({ type: 'endField', field }),
  });
}

/** Why the text of a field is not accepted. */
export function fieldError(ui: Ui, field: string): string | null {
  return ui.state.view.fields[field]?.error ?? null;
}

/** The id of a field's element in the page. */
export function fieldId(field: string): string {
  return `field-${field}`;
}
