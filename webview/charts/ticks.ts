/** A round step (1, 2 or 5 times a power of ten) that cuts `span` into about `count` parts. */
export function niceStep(span: number, count: number): number {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  if (lead < 1.5) return power;
  if (lead < 3) return 2 * power;
  return lead < 7 ? 5 * power : 10 * power;
}

/** The multiples of a round step that lie within [from, to], about `count` of them. */
export function linearTicks(from: number, to: number, count: number): readonly number[] {
  if (!(to > from)) return [from];
  const step = niceStep(to - from, count);
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index++) {
    // Each tick from its own product: adding up steps drifts, and -0 would be written as such.
    ticks.push(index === 0 ? 0 : Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** The ticks of an axis of counts, which has no halves: from 0 to `peak`, about `count` of them. */
export function countTicks(peak: number, count: number): readonly number[] {
  return linearTicks(0, peak, Math.max(1, Math.min(count, Math.floor(peak))));
}

/** 0 and the powers of ten up to `peak`, thinned out to at most `count`. */
export function logTicks(peak: number, count: number): readonly number[] {
  const powers = Math.floor(Math.log10(Math.max(1, peak)));
  const stride = Math.max(1, Math.ceil((powers + 1) / Math.max(1, count)));
  const ticks = [0];
  for (let power = 0; power <= powers; power += stride) ticks.push(10 ** power);
  return ticks;
}
