import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';

/** One of the values to choose from. */
export interface DropdownOption {
  readonly value: string;
  readonly label: string;
  /** Why it cannot be chosen, shown beside it; absent where it can. */
  readonly disabledBecause?: string;
}

/** Options under a heading of their own. */
export interface DropdownGroup {
  readonly heading: string;
  readonly options: readonly DropdownOption[];
}

/** What a dropdown shows, and what is done with the choice. */
export interface Dropdown {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (DropdownOption | DropdownGroup)[];
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}

/** A list to choose one of. An option that cannot be chosen stays in the list and says why. */
export function dropdown(options: Dropdown): TemplateResult {
  const choose = (event: Event) => {
    const { value } = event.currentTarget as HTMLElement & { readonly value: string };
    if (value !== options.value) options.onChange(value);
  };
  return html`<vscode-dropdown
    id=${options.id}
    aria-label=${options.label}
    ?disabled=${options.disabled === true}
    @change=${choose}
    .value=${live(options.value)}
  >
    ${repeat(options.options.flatMap(entriesOf), keyOf, (entry) =>
      'heading' in entry
        ? html`<div class="option-heading" role="presentation">${entry.heading}</div>`
        : optionOf(entry, entry.value === options.value),
    )}
  </vscode-dropdown>`;
}

function entriesOf(
  entry: DropdownOption | DropdownGroup,
): readonly (DropdownOption | { readonly heading: string })[] {
  return 'heading' in entry ? [{ heading: entry.heading }, ...entry.options] : [entry];
}

/** With the reason: an option takes its name for screen readers once, from all of its text. */
function keyOf(entry: DropdownOption | { readonly heading: string }): string {
  if ('heading' in entry) return `heading ${entry.heading}`;
  return `value ${entry.value} ${entry.disabledBecause ?? ''}`;
}

function optionOf(option: DropdownOption, selected: boolean): TemplateResult {
  const reason = option.disabledBecause;
  return html`<vscode-option
    value=${option.value}
    ?selected=${selected}
    ?disabled=${reason !== undefined}
    >${option.label}${
      reason === undefined
        ? nothing
        : html`<span slot="end" class="why"><span class="visually-hidden">, </span>${reason}</span>`
    }</vscode-option
  >`;
}
