import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { curveChart, type ChartLevel, SERIES_STYLES } from '../../charts/curveChart';
import { curveScale, lossRange, shareRange, type CurveScale } from '../../charts/curveScale';
import { observeSize } from '../../components/observeSize';
import { percentText } from '../../format/numbers';
import type { ChartCursor } from '../../state/panelState';
import type { Curves } from '../../state/selectCurves';
import { nearestPoint, steppedCursor } from '../../state/stepCursor';
import type { Ui } from '../ui';
import { axisText, methodName, metricText, metricTitle, pointText } from './curveWords';

/** Below this width the names stand in a legend, not at the ends of the lines. */
const LEAST_NAMED_WIDTH = 520;
const LABEL_WIDTH = 190;

/** The chart of a comparison. It is one slider: arrows go along a curve and from curve to curve. */
export function curveFigure(ui: Ui, curves: Curves): TemplateResult {
  const { curvesWidth: width } = ui.measures;
  const isNamed = width >= LEAST_NAMED_WIDTH;
  const scale = scaleOf(ui, curves, isNamed);
  const { cursor } = ui.state.view;
  const drawing = curveChart({
    scale,
    lines: curves.curves.map(({ method, points }, style) => ({
      style,
      label: methodName(method),
      points,
    })),
    levels: levelsOf(curves),
    best: bestPoint(curves),
    cursor: pointAt(curves, cursor),
    valueText: (value) => axisText(curves.metric, value),
    shareText: (share) => percentText(share, 0),
    axisTitle: l10n.t('Sparsity of the pruned layers'),
    named: isNamed,
  });
  return html`<div
      class="figure curves-figure"
      ${observeSize((w, h) => onSize(ui, w, h))}
      role="slider"
      tabindex="0"
      aria-label=${sentence(curves)}
      aria-valuemin="0"
      aria-valuemax=${Math.max(0, pointCount(curves) - 1)}
      aria-valuenow=${pointIndex(curves, cursor)}
      aria-valuetext=${readoutOf(curves, cursor)}
      @keydown=${(event: KeyboardEvent) => onKey(ui, curves, event)}
      @pointermove=${(event: PointerEvent) => onPointer(ui, curves, { event, scale })}
    >
      <svg class="chart" aria-hidden="true">${svg`${drawing}`}</svg>
    </div>
    ${isNamed ? nothing : legend(curves)}`;
}

function scaleOf(
  ui: Ui,
  { metric, curves, sparsities, baseline, limit }: Curves,
  isNamed: boolean,
): CurveScale {
  const ends = curves.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const values = [...ends, ...(baseline === null ? [] : [baseline])];
  const all = limit === null ? values : [...values, limit];
  return curveScale({
    width: ui.measures.curvesWidth,
    height: ui.measures.curvesHeight,
    from: Math.min(1, ...sparsities),
    to: Math.max(0, ...sparsities),
    ...(metric === 'accuracy' ? shareRange(all) : lossRange(all)),
    labelWidth: isNamed ? LABEL_WIDTH : 0,
  });
}

function levelsOf({ metric, baseline, limit }: Curves): ChartLevel[] {
  if (baseline === null) return [];
  const original = {
    value: baseline,
    label: l10n.t('original {0}', metricText(metric, baseline)),
    className: 'chart-original',
  };
  if (limit === null) return [original];
  const bound = { value: limit, label: '', className: 'chart-bound' };
  return [original, bound];
}

function bestPoint({ best, curves }: Curves): ReturnType<typeof pointAt> {
  if (best === null) return null;
  const { points = [] } = curves[best.curve] ?? {};
  return points.find(({ sparsity }) => sparsity === best.best.sparsity) ?? null;
}

type Point = Curves['curves'][number]['points'][number];

function pointAt({ curves }: Curves, cursor: ChartCursor | null): Point | null {
  if (cursor === null) return null;
  const { points = [] } = curves[cursor.curve] ?? {};
  return points.find(({ sparsity }) => sparsity === cursor.sparsity) ?? null;
}

function pointCount({ curves }: Curves): number {
  return curves.reduce((sum, { points }) => sum + points.length, 0);
}

function pointIndex({ curves }: Curves, cursor: ChartCursor | null): number {
  if (cursor === null) return 0;
  const before = curves.slice(0, cursor.curve).reduce((sum, { points }) => sum + points.length, 0);
  const { points = [] } = curves[cursor.curve] ?? {};
  return (
    before +
    Math.max(
      0,
      points.findIndex(({ sparsity }) => sparsity === cursor.sparsity),
    )
  );
}

function readoutOf(curves: Curves, cursor: ChartCursor | null): string {
  const curve = cursor === null ? undefined : curves.curves[cursor.curve];
  const point = pointAt(curves, cursor);
  return curve === undefined || point === null ? '' : pointText(curves.metric, curve, point);
}

/** The chart in one sentence that says the result. */
function sentence({ metric, curves, best }: Curves): string {
  const title = metricTitle(metric);
  const names = curves.map(({ method }) => methodName(method)).join(', ');
  if (best === null) return l10n.t('{0}: {1}', title, names);
  const { criterion, granularity, sparsity } = best.best;
  const name = methodName({ criterion, granularity });
  return l10n.t('{0}: {1}. Best: {2} at {3}', title, names, name, percentText(sparsity, 0));
}

function onKey(ui: Ui, curves: Curves, event: KeyboardEvent): void {
  const cursor = steppedCursor(event.key, ui.state.view.cursor, curves.curves);
  if (cursor === undefined) return;
  event.preventDefault();
  ui.dispatch({ type: 'cursor', cursor });
}

function onPointer(
  ui: Ui,
  curves: Curves,
  { event, scale }: { readonly event: PointerEvent; readonly scale: CurveScale },
): void {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const at = { x: event.clientX - box.left, y: event.clientY - box.top };
  const cursor = nearestPoint(curves.curves, at, scale);
  const known = ui.state.view.cursor;
  if (cursor === null) return;
  if (known?.curve === cursor.curve && known.sparsity === cursor.sparsity) return;
  ui.dispatch({ type: 'cursor', cursor });
}

function legend({ curves }: Curves): TemplateResult {
  return html`<div class="legend">
    ${curves.map(
      ({ method }, index) => html`<span>${lineSample(index)}${methodName(method)}</span>`,
    )}
  </div>`;
}

/** A piece of a curve as it is drawn. */
export function lineSample(index: number): TemplateResult {
  return html`<svg class="line-sample" width="22" height="10" aria-hidden="true">
    ${svg`<path class="chart-line series-${index % SERIES_STYLES}" d="M0 5H22"></path>`}
  </svg>`;
}

function onSize(ui: Ui, width: number, height: number): void {
  const { measures } = ui;
  // Folded away it has no size: the last one serves until it has again.
  if (width === 0 || height === 0) return;
  if (width === measures.curvesWidth && height === measures.curvesHeight) return;
  measures.curvesWidth = width;
  measures.curvesHeight = height;
  ui.redraw();
}
