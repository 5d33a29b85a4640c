import { html, nothing, type TemplateResult } from 'lit-html';
import { cssProperties } from '../components/cssProperties';

/** A line of two pixels; without a share it only says that something is going on. */
export function progressLine(share: number | null, label: string): TemplateResult {
  const percent = share === null ? null : Math.round(Math.min(1, share) * 100);
  return html`<div
    class="progress ${percent === null ? 'indeterminate' : ''}"
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent ?? nothing}
  >
    <i ${cssProperties({ width: percent === null ? null : `${percent}%` })}></i>
  </div>`;
}
