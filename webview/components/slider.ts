import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { cssProperties } from './cssProperties';

/** What a slider shows, and what is done with it. */
export interface Slider {
  readonly id: string;
  readonly label: string;
  /** 0 to 1. */
  readonly share: number;
  readonly text: string;
  readonly disabled?: boolean;
  /** While it moves. */
  readonly onMove: (share: number) => void;
  /** When it is let go. */
  readonly onCommit: () => void;
}

/** A slider for a share, in whole percents. The toolkit has none; the browser's own is drawn flat. */
export function slider(options: Slider): TemplateResult {
  const percent = options.share * 100;
  const shareOf = (event: Event) => (event.currentTarget as HTMLInputElement).valueAsNumber / 100;
  return html`<input
    type="range"
    class="slider"
    id=${options.id}
    min="0"
    max="100"
    step="1"
    aria-label=${options.label}
    aria-valuetext=${options.text}
    ?disabled=${options.disabled === true}
    .value=${live(String(Math.round(percent)))}
    @input=${(event: Event) => options.onMove(shareOf(event))}
    @change=${() => options.onCommit()}
    ${cssProperties({ '--fill': `${percent}%` })}
  />`;
}
