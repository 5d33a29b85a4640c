import { html, nothing, type TemplateResult } from 'lit-html';
import { icon, type IconName } from './icon';

/** What a tool button shows and does. */
export interface ToolButton {
  readonly icon: IconName;
  readonly label: string;
  /** Given for a toggle: whether it is on. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onClick: (event: MouseEvent) => void;
}

/** A button of 22 px with an icon only, as in the title of a view. */
export function toolButton(options: ToolButton): TemplateResult {
  return html`<button
    type="button"
    class="tool ${options.className ?? ''}"
    aria-label=${options.label}
    title=${options.label}
    aria-pressed=${options.pressed ?? nothing}
    ?disabled=${options.disabled === true}
    @click=${options.onClick}
  >
    ${icon(options.icon)}
  </button>`;
}
