import { html, type TemplateResult } from 'lit-html';

/** What a sash resizes. */
export interface Sash {
  readonly className: string;
  /** The line's own direction: a vertical one is dragged sideways. */
  readonly direction: 'vertical' | 'horizontal';
  readonly label: string;
  /** Moving right or down makes the area larger (1) or smaller (-1). */
  readonly sign: 1 | -1;
  readonly least: number;
  readonly onResize: (size: number) => void;
  readonly onReset: () => void;
}

/** The line at the edge of an area that changes the area's size; a double click gives it back. */
export function sash(options: Sash): TemplateResult {
  return html`<div
    class="sash ${options.direction} ${options.className}"
    role="separator"
    aria-orientation=${options.direction}
    aria-label=${options.label}
    @pointerdown=${(event: PointerEvent) => startDrag(event, options)}
    @dblclick=${() => options.onReset()}
  ></div>`;
}

function startDrag(event: PointerEvent, options: Sash): void {
  const handle = event.currentTarget as HTMLElement;
  const area = handle.parentElement?.getBoundingClientRect();
  if (area === undefined || event.button !== 0) return;
  event.preventDefault();
  const isVertical = options.direction === 'vertical';
  const start = isVertical ? event.clientX : event.clientY;
  const size = isVertical ? area.width : area.height;
  const move = (next: PointerEvent) => {
    const moved = (isVertical ? next.clientX : next.clientY) - start;
    options.onResize(Math.max(options.least, Math.round(size + options.sign * moved)));
  };
  const end = new AbortController();
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener('pointermove', move, { signal: end.signal });
  handle.addEventListener('lostpointercapture', () => end.abort(), { signal: end.signal });
}
