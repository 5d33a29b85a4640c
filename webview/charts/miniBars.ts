import { svg, type SVGTemplateResult } from 'lit-html';
import type { Bars } from '../../src/protocol/hostInspector';
import { barPath, pixel } from './barPath';

const WIDTH = 104;
const HEIGHT = 16;

/** The shape of one tensor never changes, so it is drawn once. */
const paths = new WeakMap<Bars, string>();

/** The distribution of a tensor in a row of the table, with a mark where its zeros are. */
export function miniBars(bars: Bars): SVGTemplateResult {
  const x = pixel((-bars.from / (bars.to - bars.from)) * WIDTH);
  const hasMark = bars.zeros > 0 && x >= 0 && x <= WIDTH;
  return svg`<path d=${pathOf(bars)} class="chart-kept"></path>
    <path d=${hasMark ? `M${x} 0V${HEIGHT}` : ''} class="chart-axis"></path>`;
}

function pathOf(bars: Bars): string {
  let path = paths.get(bars);
  if (path === undefined) {
    path = draw(bars);
    paths.set(bars, path);
  }
  return path;
}

function draw({ from, to, counts }: Bars): string {
  if (from === to) return `M${WIDTH / 2 - 2} ${HEIGHT}v${1 - HEIGHT}h4v${HEIGHT - 1}z`;
  const layout = { left: 0, baseline: HEIGHT, width: WIDTH, height: HEIGHT - 1, gap: 0 };
  return barPath(counts, { ...layout, peak: Math.max(...counts), logarithmic: false });
}
