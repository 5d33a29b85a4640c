import { nothing, svg, type SVGTemplateResult } from 'lit-html';
import { pixel } from './barPath';
import type { CurveScale } from './curveScale';
import { spreadLabels } from './lineLabels';
import { linearTicks } from './ticks';

/** A point with the ends of its interval. */
export interface ChartPoint {
  readonly sparsity: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A line of the chart. */
export interface ChartLine {
  /** Which of {@link SERIES_STYLES} styles, by its remainder. */
  readonly style: number;
  readonly label: string;
  readonly points: readonly ChartPoint[];
}

/** A level across the chart. */
export interface ChartLevel {
  readonly value: number;
  readonly label: string;
  readonly className: string;
}

/** What a chart of curves draws. */
export interface CurveChart {
  readonly scale: CurveScale;
  readonly lines: readonly ChartLine[];
  readonly levels: readonly ChartLevel[];
  /** Marked with a ring. */
  readonly best: ChartPoint | null;
  /** Read out now. */
  readonly cursor: ChartPoint | null;
  readonly valueText: (value: number) => string;
  readonly shareText: (share: number) => string;
  readonly axisTitle: string;
  /** Names stand at the ends of the lines. */
  readonly named: boolean;
}

/** Styles of lines, each a colour and a dash of its own, so that neither is needed to tell them apart. */
export const SERIES_STYLES = 10;

const LABEL_SPACING = 14;
const BEST_RADIUS = 6;
const POINT_RADIUS = 2.5;

/** Lines with their intervals as bands, levels across, and the axes. */
export function curveChart(chart: CurveChart): SVGTemplateResult {
  const { scale, lines } = chart;
  return svg`
    ${valueAxis(chart)}
    ${shareAxis(chart)}
    ${lines.map((line) => band(line, scale))}
    ${chart.levels.map((level) => levelLine(level, chart))}
    ${lines.map((line) => curve(line, scale))}
    ${chart.named ? names(chart) : nothing}
    ${chart.best === null ? nothing : ring(chart.best, scale, 'chart-best', BEST_RADIUS)}
    ${chart.cursor === null ? nothing : cursorMark(chart.cursor, scale)}`;
}

function valueAxis({ scale, valueText }: CurveChart): SVGTemplateResult[] {
  const count = Math.max(2, Math.round((scale.baseline - scale.top) / 48));
  return linearTicks(scale.low, scale.high, count).map((value) => {
    const y = pixel(scale.y(value));
    return svg`<path d="M${scale.left} ${y}H${scale.right}" class="chart-grid"></path>
      <text x=${scale.left - 6} y=${y + 4} text-anchor="end">${valueText(value)}</text>`;
  });
}

function shareAxis({ scale, shareText, axisTitle }: CurveChart): SVGTemplateResult {
  const count = Math.max(2, Math.round((scale.right - scale.left) / 72));
  const ticks = linearTicks(scale.from, scale.to, count);
  const foot = scale.baseline;
  return svg`<path d="M${scale.left} ${foot + 0.5}H${scale.right}" class="chart-axis"></path>
    ${ticks.map((share) => {
      const x = pixel(scale.x(share));
      return svg`<path d="M${x} ${foot}v4" class="chart-axis"></path>
        <text x=${x} y=${foot + 15} text-anchor="middle">${shareText(share)}</text>`;
    })}
    <text x=${(scale.left + scale.right) / 2} y=${foot + 30} text-anchor="middle">${axisTitle}</text>`;
}

function styleOf({ style }: ChartLine): number {
  return style % SERIES_STYLES;
}

function band(line: ChartLine, scale: CurveScale): SVGTemplateResult | typeof nothing {
  if (line.points.length < 2) return nothing;
  const upper = line.points.map((point) => at(scale, point.sparsity, point.high));
  const lower = line.points.map((point) => at(scale, point.sparsity, point.low)).reverse();
  const path = `M${[...upper, ...lower].join('L')}z`;
  return svg`<path d=${path} class="chart-interval series-${styleOf(line)}"></path>`;
}

function curve(line: ChartLine, scale: CurveScale): SVGTemplateResult {
  const path = line.points.map((point) => at(scale, point.sparsity, point.value)).join('L');
  const className = `series-${styleOf(line)}`;
  return svg`${path === '' ? nothing : svg`<path d="M${path}" class="chart-line ${className}"></path>`}
    ${line.points.map((point) => ring(point, scale, `chart-dot ${className}`, POINT_RADIUS))}`;
}

function at(scale: CurveScale, share: number, value: number): string {
  return `${pixel(scale.x(share))} ${pixel(scale.y(value))}`;
}

function ring(
  point: ChartPoint,
  scale: CurveScale,
  className: string,
  radius: number,
): SVGTemplateResult {
  const [x, y] = [pixel(scale.x(point.sparsity)), pixel(scale.y(point.value))];
  return svg`<circle class=${className} cx=${x} cy=${y} r=${radius}></circle>`;
}

function levelLine(level: ChartLevel, { scale }: CurveChart): SVGTemplateResult {
  const y = pixel(scale.y(level.value));
  return svg`<path d="M${scale.left} ${y}H${scale.right}" class=${level.className}></path>
    <text x=${scale.left + 4} y=${y - 4}>${level.label}</text>`;
}

function names({ scale, lines }: CurveChart): SVGTemplateResult[] {
  const shown = lines.filter(({ points }) => points.length > 0);
  const ends = shown.map(({ points }) => ({ y: scale.y(points.at(-1)?.value ?? 0) }));
  const room = { spacing: LABEL_SPACING, top: scale.top, bottom: scale.baseline };
  const places = spreadLabels(ends, room);
  return shown.map((line, index) => {
    const from = ends[index]?.y ?? 0;
    const y = places[index] ?? from;
    const start = pixel(scale.x(line.points.at(-1)?.sparsity ?? scale.to)) + 4;
    const x = scale.right + 14;
    return svg`<path d="M${start} ${pixel(from)}L${x - 3} ${pixel(y)}" class="chart-leader"></path>
      <text x=${x} y=${pixel(y) + 4} class="chart-strong">${line.label}</text>`;
  });
}

function cursorMark(point: ChartPoint, scale: CurveScale): SVGTemplateResult {
  const x = pixel(scale.x(point.sparsity));
  return svg`<path d="M${x} ${scale.top}V${scale.baseline}" class="chart-cursor"></path>
    ${ring(point, scale, 'chart-cursor-point', BEST_RADIUS - 1)}`;
}
