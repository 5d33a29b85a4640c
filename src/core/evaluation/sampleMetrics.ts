/** Numbers of one sample. */
export type Row = Float32Array | Float64Array;

/** Probabilities below this count as this, so that one sure mistake does not make the mean infinite. Keras does the same. */
export const SMALLEST_PROBABILITY = 1e-7;

/** The index of the largest value, the first of several; -1 where there is none to compare (NaN). */
export function indexOfLargest(row: Row): number {
  let best = -1;
  let largest = -Infinity;
  for (let i = 0; i < row.length; i++) {
    const value = row[i] ?? NaN;
    if (value > largest || (best === -1 && value === largest)) {
      best = i;
      largest = value;
    }
  }
  return best;
}

/** -ln p, with p raised to {@link SMALLEST_PROBABILITY} where it is smaller. */
function negativeLog(probability: number): number {
  return -Math.log(Math.max(probability, SMALLEST_PROBABILITY));
}

/** The logarithm of the sum of exponentials, taken about the largest so that nothing overflows. */
export function logSumExp(row: Row): number {
  let largest = -Infinity;
  for (const value of row) largest = Math.max(largest, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}

/** ln(1 + e^x) without overflow: the loss of a single logit. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Cross-entropy of a class; a single output is the probability of class 1. */
export function crossEntropyOfClass(outputs: Row, label: number): number {
  if (outputs.length > 1) return negativeLog(outputs[label] ?? NaN);
  const probability = outputs[0] ?? NaN;
  return negativeLog(label === 1 ? probability : 1 - probability);
}

/** The same on logits: -log-softmax, or for a single output the loss of its sigmoid. */
export function crossEntropyOfClassLogits(outputs: Row, label: number): number {
  if (outputs.length > 1) return logSumExp(outputs) - (outputs[label] ?? NaN);
  const logit = outputs[0] ?? NaN;
  return softplus(label === 1 ? -logit : logit);
}

/** Cross-entropy against expected probabilities: -sum of t ln p. */
export function crossEntropyOfShares(outputs: Row, shares: Row): number {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++)
    sum += (shares[i] ?? NaN) * negativeLog(outputs[i] ?? NaN);
  if (outputs.length > 1) return sum;
  return sum + (1 - (shares[0] ?? NaN)) * negativeLog(1 - (outputs[0] ?? NaN));
}

/** The same on logits. */
export function crossEntropyOfShareLogits(outputs: Row, shares: Row): number {
  if (outputs.length === 1) {
    const [logit = NaN] = outputs;
    const [share = NaN] = shares;
    return share * softplus(-logit) + (1 - share) * softplus(logit);
  }
  const normalizer = logSumExp(outputs);
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) {
    sum += (shares[i] ?? NaN) * (normalizer - (outputs[i] ?? NaN));
  }
  return sum;
}

/** Mean over outputs of the squared difference from the class as one-hot; a single output is class 1's. */
export function squaredErrorOfClass(outputs: Row, label: number): number {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) {
    const expected = outputs.length === 1 ? label : Number(i === label);
    sum += ((outputs[i] ?? NaN) - expected) ** 2;
  }
  return sum / outputs.length;
}

/** Mean over outputs of the squared difference. */
export function squaredError(outputs: Row, expected: Row): number {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) sum += ((outputs[i] ?? NaN) - (expected[i] ?? NaN)) ** 2;
  return sum / outputs.length;
}

/** Mean over outputs of the distance. */
export function absoluteError(outputs: Row, expected: Row): number {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++)
    sum += Math.abs((outputs[i] ?? NaN) - (expected[i] ?? NaN));
  return sum / outputs.length;
}

/** Whether an output is among the k largest; of equal ones the first count as larger, as in {@link indexOfLargest}. */
export function isAmongLargest(row: Row, index: number, k: number): boolean {
  const own = row[index] ?? NaN;
  if (Number.isNaN(own)) return false;
  let larger = 0;
  for (let i = 0; i < row.length; i++) {
    const value = row[i] ?? NaN;
    if (value > own || (value === own && i < index)) larger += 1;
  }
  return larger < k;
}
