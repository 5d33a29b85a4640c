import { html, type TemplateResult } from 'lit-html';
import { cssProperties } from '../components/cssProperties';
import { ROW_HEIGHT } from './virtualRows';

/** The inside of a long list: as tall as all its rows, with those in sight where they belong. */
export function virtualSpace(rowCount: number, first: number, rows: unknown): TemplateResult {
  return html`<div
    class="list-space"
    role="presentation"
    ${cssProperties({ height: `${rowCount * ROW_HEIGHT}px` })}
  >
    <div
      class="list-window"
      role="presentation"
      ${cssProperties({ transform: `translateY(${first * ROW_HEIGHT}px)` })}
    >
      ${rows}
    </div>
  </div>`;
}
