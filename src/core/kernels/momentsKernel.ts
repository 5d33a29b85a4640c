/** Running statistics over finite values, in float64. */
export interface Moments {
  count: number;
  nonFinite: number;
  min: number;
  max: number;
  mean: number;
  /** Sum of squared deviations from the mean. */
  squaredDeviations: number;
  l1: number;
  sumOfSquares: number;
}

export function emptyMoments(): Moments {
  return {
    count: 0,
    nonFinite: 0,
    min: Infinity,
    max: -Infinity,
    mean: 0,
    squaredDeviations: 0,
    l1: 0,
    sumOfSquares: 0,
  };
}

/** Few enough that a second loop over them finds the values in the cache. */
const BLOCK = 8192;

/**
 * Adds values to the moments: sums of each block, merged by the pairwise formula of Chan, Golub and
 * LeVeque (1979), which is as stable as Welford's and several times faster.
 */
export function addMomentsInPlace(moments: Moments, values: Float32Array | Float64Array): void {
  for (let start = 0; start < values.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, values.length);
    if (values instanceof Float32Array) addBlock32(moments, values, start, end);
    else addBlock64(moments, values, start, end);
  }
}

/**
 * One loop over a block of finite float32 values: deviations are taken from the mean so far instead of
 * the block's own and corrected afterwards ("shifted data", Chan, Golub and LeVeque 1983), and minimum
 * and maximum are looked at only where two magnitudes together pass the nearer of them.
 */
function addBlock32(moments: Moments, values: Float32Array, start: number, end: number): void {
  const count = end - start;
  // The first block has no mean to take deviations from; the last one may not divide by four.
  if (moments.count === 0 || count % 4 !== 0) {
    addCarefully32(moments, values, start, end);
    return;
  }
  const shift = moments.mean;
  let { min, max } = moments;
  let bound = Math.min(-min, max);
  let sum = 0;
  let otherSum = 0;
  let squares = 0;
  let otherSquares = 0;
  let l1 = 0;
  let otherL1 = 0;
  for (let i = start; i < end; i += 4) {
    const a = values[i];
    const b = values[i + 1];
    const c = values[i + 2];
    const d = values[i + 3];
    const magnitude = Math.abs(a) + Math.abs(b);
    const otherMagnitude = Math.abs(c) + Math.abs(d);
    if (magnitude > bound) {
      if (a < min) min = a;
      if (a > max) max = a;
      if (b < min) min = b;
      if (b > max) max = b;
      bound = Math.min(-min, max);
    }
    if (otherMagnitude > bound) {
      if (c < min) min = c;
      if (c > max) max = c;
      if (d < min) min = d;
      if (d > max) max = d;
      bound = Math.min(-min, max);
    }
    const fromA = a - shift;
    const fromB = b - shift;
    const fromC = c - shift;
    const fromD = d - shift;
    sum += fromA + fromB;
    otherSum += fromC + fromD;
    squares += fromA * fromA + fromB * fromB;
    otherSquares += fromC * fromC + fromD * fromD;
    l1 += magnitude;
    otherL1 += otherMagnitude;
  }
  const totalL1 = l1 + otherL1;
  // Float32 values cannot overflow a float64 sum: one of them is not finite.
  if (!(totalL1 <= Number.MAX_VALUE)) {
    addCarefully32(moments, values, start, end);
    return;
  }
  const meanShift = (sum + otherSum) / count;
  const mean = shift + meanShift;
  const squaredDeviations = Math.max(0, squares + otherSquares - count * meanShift * meanShift);
  const sumOfSquares = squaredDeviations + count * mean * mean;
  merge(moments, {
    count,
    nonFinite: 0,
    min,
    max,
    mean,
    squaredDeviations,
    l1: totalL1,
    sumOfSquares,
  });
}

// Two copies of one loop: a loop that sees both array types is several times slower in V8.
function addCarefully32(moments: Moments, values: Float32Array, start: number, end: number): void {
  let { min, max } = moments;
  let count = 0;
  let sum = 0;
  let l1 = 0;
  let squares = 0;
  for (let i = start; i < end; i++) {
    const value = values[i];
    const magnitude = Math.abs(value);
    // False for NaN too.
    if (!(magnitude <= Number.MAX_VALUE)) continue;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    l1 += magnitude;
    squares += value * value;
  }
  const mean = count === 0 ? 0 : sum / count;
  let deviations = 0;
  for (let i = start; i < end; i++) {
    const deviation = values[i] - mean;
    const square = deviation * deviation;
    if (square <= Number.MAX_VALUE) deviations += square;
  }
  merge(moments, {
    count,
    nonFinite: end - start - count,
    min,
    max,
    mean,
    squaredDeviations: deviations,
    l1,
    sumOfSquares: squares,
  });
}

function addBlock64(moments: Moments, values: Float64Array, start: number, end: number): void {
  let { min, max } = moments;
  let count = 0;
  let sum = 0;
  let l1 = 0;
  let squares = 0;
  for (let i = start; i < end; i++) {
    const value = values[i];
    const magnitude = Math.abs(value);
    if (!(magnitude <= Number.MAX_VALUE)) continue;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    l1 += magnitude;
    squares += value * value;
  }
  const mean = count === 0 ? 0 : sum / count;
  let deviations = 0;
  for (let i = start; i < end; i++) {
    const deviation = values[i] - mean;
    const square = deviation * deviation;
    if (square <= Number.MAX_VALUE) deviations += square;
  }
  merge(moments, {
    count,
    nonFinite: end - start - count,
    min,
    max,
    mean,
    squaredDeviations: deviations,
    l1,
    sumOfSquares: squares,
  });
}

function merge(into: Moments, block: Moments): void {
  const count = into.count + block.count;
  if (block.count > 0) {
    const delta = block.mean - into.mean;
    into.squaredDeviations +=
      block.squaredDeviations + delta * delta * ((into.count * block.count) / count);
    into.mean += delta * (block.count / count);
  }
  into.count = count;
  into.nonFinite += block.nonFinite;
  into.min = block.min;
  into.max = block.max;
  into.l1 += block.l1;
  into.sumOfSquares += block.sumOfSquares;
}
