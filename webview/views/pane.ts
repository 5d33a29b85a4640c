import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../components/icon';
import type { PaneId } from '../state/panelState';
import type { Ui } from './ui';

/** What an area shows. */
export interface Pane {
  readonly id: PaneId;
  readonly title: string;
  /** Said beside the title, in small letters. */
  readonly sub?: string | TemplateResult;
  readonly actions?: readonly (TemplateResult | typeof nothing)[];
  readonly body: TemplateResult;
}

/** A named area. Where all areas stand in one column its title folds it away. */
export function pane(ui: Ui, options: Pane): TemplateResult {
  const { id, title } = options;
  const isCollapsed = ui.state.view.collapsed.includes(id);
  const toggle = () => ui.dispatch({ type: 'togglePane', pane: id });
  return html`<section
    class="pane ${id}-pane ${isCollapsed ? 'collapsed' : ''}"
    aria-label=${title}
    data-area=${id}
  >
    <h2 class="pane-head">
      <button type="button" class="twist" aria-expanded=${!isCollapsed} @click=${toggle}>
        ${icon(isCollapsed ? 'chevronRight' : 'chevronDown')}${title}
      </button>
      <span class="pane-title">${title}</span>
      ${options.sub === undefined ? nothing : html`<span class="sub">${options.sub}</span>`}
      <span class="actions">${options.actions ?? nothing}</span>
    </h2>
    <div class="pane-body">${options.body}</div>
  </section>`;
}
