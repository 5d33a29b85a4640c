import * as l10n from '@vscode/l10n';
import { html, svg, type TemplateResult } from 'lit-html';
import type { HistogramScale } from '../charts/histogramScale';
import { cssProperties } from '../components/cssProperties';
import { countText, percentText, significantText } from '../format/numbers';
import { largestMagnitude, type MagnitudeTable } from '../prediction/magnitudeTable';
import { draggedThreshold, steppedThreshold } from '../state/thresholdSteps';

/** The threshold of one layer as the chart shows it, and what becomes of a drag. */
export interface ThresholdHandle {
  readonly layer: string;
  readonly threshold: number;
  readonly table: MagnitudeTable;
  /** Zeros after the plan as it is known: exact once the host has answered. */
  readonly zerosAfter: number;
  readonly scale: HistogramScale;
  readonly limit: number;
  readonly disabled: boolean;
  /** While it moves; nothing is sent. */
  readonly onMove: (threshold: number) => void;
  readonly onCommit: () => void;
  readonly onRevert: () => void;
}

/** How long after the last key a run of keys is one change, in milliseconds. */
const KEY_PAUSE_MS = 500;
let keyTimer: ReturnType<typeof setTimeout> | undefined;

/** The two lines of the threshold, both to be dragged, and the grip that the keyboard moves. */
export function thresholdHandle(handle: ThresholdHandle): TemplateResult {
  const { scale, threshold } = handle;
  const right = scale.x(threshold);
  const left = scale.x(-threshold);
  const height = `${scale.baseline - scale.top}px`;
  const line = (x: number) =>
    html`<div
      class="threshold-line"
      @pointerdown=${(event: PointerEvent) => startDrag(event, handle)}
      ${cssProperties({ left: `${x}px`, top: `${scale.top}px`, height })}
    ></div>`;
  if (handle.disabled) return html``;
  return html`${line(left)}${line(right)}
    <div
      class="threshold-grip"
      id="threshold"
      role="slider"
      tabindex="0"
      aria-label=${l10n.t('Threshold of {0}', handle.layer)}
      aria-valuemin="0"
      aria-valuemax=${largestMagnitude(handle.table)}
      aria-valuenow=${threshold}
      aria-valuetext=${valueText(handle)}
      @pointerdown=${(event: PointerEvent) => startDrag(event, handle)}
      @keydown=${(event: KeyboardEvent) => onKey(event, handle)}
      @blur=${() => commitKeys(handle)}
      ${cssProperties({ left: `${right}px` })}
    >
      <svg width="24" height="24" aria-hidden="true">
        ${svg`<rect class="grip" x="7" y="4" width="10" height="16" rx="2"></rect>
        <path class="grip-lines" d="M10.5 9v6M13.5 9v6"></path>`}
      </svg>
    </div>
    <span class="threshold-value" aria-hidden="true" ${cssProperties({ left: `${right + 13}px` })}
      >${significantText(threshold)}</span
    >`;
}

function valueText({ threshold, table, zerosAfter }: ThresholdHandle): string {
  const share = percentText(zerosAfter / Math.max(1, table.elementCount));
  const count = countText(zerosAfter);
  const all = countText(table.elementCount);
  return l10n.t('{0}, prunes {1}, {2} of {3}', significantText(threshold), share, count, all);
}

/** The pointer is kept until it is let go, also outside the chart; Escape gives the value back. */
function startDrag(event: PointerEvent, handle: ThresholdHandle): void {
  const element = event.currentTarget as HTMLElement;
  const chart = element.parentElement?.getBoundingClientRect();
  if (chart === undefined || event.button !== 0) return;
  event.preventDefault();
  focusGrip(element);
  commitKeys(handle);
  const listening = new AbortController();
  const { signal } = listening;
  const move = (next: PointerEvent) => {
    const weight = handle.scale.weight(next.clientX - chart.left);
    handle.onMove(draggedThreshold(weight, handle.limit, handle.table));
  };
  const finish = (isKept: boolean) => {
    listening.abort();
    if (isKept) handle.onCommit();
    else handle.onRevert();
  };
  element.setPointerCapture(event.pointerId);
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', () => finish(true), { signal });
  element.addEventListener('pointercancel', () => finish(false), { signal });
  const cancel = (key: KeyboardEvent) => {
    if (key.key !== 'Escape') return;
    key.stopPropagation();
    finish(false);
  };
  window.addEventListener('keydown', cancel, { signal, capture: true });
}

/** The keyboard goes on where the mouse has begun, whichever line was dragged. */
function focusGrip(element: HTMLElement): void {
  element.parentElement?.querySelector<HTMLElement>('.threshold-grip')?.focus();
}

function onKey(event: KeyboardEvent, handle: ThresholdHandle): void {
  if (event.key === 'Escape' && keyTimer !== undefined) {
    endKeys();
    handle.onRevert();
  } else if (event.key === 'Enter') {
    commitKeys(handle);
  } else {
    const { scale, table, threshold } = handle;
    const next = steppedThreshold(event, threshold, table, scale.weightPerPixel);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    handle.onMove(next);
    clearTimeout(keyTimer);
    keyTimer = setTimeout(() => commitKeys(handle), KEY_PAUSE_MS);
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Sends a run of keys as one change, so that one undo takes it back. */
function commitKeys(handle: ThresholdHandle): void {
  if (keyTimer === undefined) return;
  endKeys();
  handle.onCommit();
}

function endKeys(): void {
  clearTimeout(keyTimer);
  keyTimer = undefined;
}
