import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../../components/icon';
import type { InspectorPane } from '../state/inspectorState';
import type { InspectorUi } from './inspectorUi';

/** What an area shows. */
export interface PaneContent {
  readonly id: InspectorPane;
  readonly title: string;
  /** Said beside the title, in small letters. */
  readonly sub?: string;
  readonly actions?: readonly TemplateResult[];
  readonly body: TemplateResult;
}

/** A named area that its title folds away. */
export function inspectorPane(ui: InspectorUi, content: PaneContent): TemplateResult {
  const { id, title } = content;
  const isCollapsed = ui.state.view.collapsed.includes(id);
  return html`<section
    class="pane fold ${id}-pane ${isCollapsed ? 'collapsed' : ''}"
    aria-label=${title}
    data-area=${id}
  >
    <h2 class="pane-head">
      <button
        type="button"
        class="twist"
        aria-expanded=${!isCollapsed}
        @click=${() => ui.dispatch({ type: 'togglePane', pane: id })}
      >
        ${icon(isCollapsed ? 'chevronRight' : 'chevronDown')}${title}
      </button>
      ${content.sub === undefined ? nothing : html`<span class="sub">${content.sub}</span>`}
      <span class="actions">${content.actions ?? nothing}</span>
    </h2>
    ${isCollapsed ? nothing : html`<div class="pane-body">${content.body}</div>`}
  </section>`;
}
