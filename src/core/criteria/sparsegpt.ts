import { addProductInPlace } from '../kernels/productKernel';
import { pivotScores, type SweepBlock, sweepInputsInPlace } from '../kernels/columnSweepKernel';
import { factorOfInverse } from '../linearAlgebra/cholesky';
import {
  dampedHessian,
  deadInputsOf,
  type HessianOptions,
  type SolveOptions,
} from '../linearAlgebra/hessian';
import type { InputProduct, Steps, WeightMatrix } from '../linearAlgebra/inputProduct';

/** Inputs whose weights are chosen together, where nothing else is said. */
export const DEFAULT_BLOCK_SIZE = 128;

/**
 * What goes. `share`: of each block of inputs, all weights up to the one of that rank. `groups`: all but `keep` of
 * each `group` inputs of an output. `flags`: these, one a weight in the matrix's layout.
 */
export type SparsegptTarget =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'groups'; readonly keep: number; readonly group: number }
  | { readonly kind: 'flags'; readonly flags: Uint8Array };

/** What goes, and in how large blocks of inputs it is chosen. */
export interface SparsegptOptions extends SolveOptions {
  readonly target: SparsegptTarget;
  readonly blockSize: number;
}

/**
 * SparseGPT: the optimal brain surgeon in blocks of inputs. With U the upper Cholesky factor of H^-1, the score of a
 * weight is w^2 / U_jj^2 at the time its block is reached; of each block everything up to the score of rank
 * int(size * share) goes, so one weight more than the share at least. Going through the inputs in their order, the
 * inputs that follow take over the error of what went. H = 2 X X^T, a dead input's diagonal 1, then damping times
 * the mean diagonal added; weights of dead inputs are 0 first, unless it is told what goes.
 *
 * Needs X X^T of data without labels. O(inputs^3 + inputs^2 * outputs).
 * Source: Frantar and Alistarh, SparseGPT: massive language models can be accurately pruned in one-shot, 2023.
 * @returns the new weights in the matrix's layout, 0 where one goes
 * @throws UnsupportedError where H is not positive definite.
 */
export function* sparsegptPrune(
  { inputs, outputs, values }: WeightMatrix,
  product: InputProduct,
  { target, blockSize, damping, place }: SparsegptOptions,
): Steps<Float64Array<ArrayBuffer>> {
  const weights = Float64Array.from(values);
  if (target.kind === 'share' && target.share <= 0) return weights;
  for (const input of target.kind === 'flags' ? [] : deadInputsOf(product)) {
    weights.fill(0, input * outputs, (input + 1) * outputs);
  }
  const factor = inverseFactor(product, { damping, over: 'sum' }, place);
  const flags = target.kind === 'flags' ? target.flags : new Uint8Array(weights.length);
  for (let first = 0; first < inputs; first += blockSize) {
    yield first / inputs;
    const block = { first, end: Math.min(inputs, first + blockSize), inputs, outputs };
    if (target.kind === 'share') flagShare({ weights, factor, flags }, block, target.share);
    const errors = new Float64Array((block.end - first) * outputs);
    const beforeInput =
      target.kind === 'groups'
        ? groupFlagger({ weights, factor, flags }, { ...block, ...target })
        : undefined;
    sweepInputsInPlace(weights, factor, block, { flags, errors, beforeInput });
    passOn({ weights, factor }, errors, block);
  }
  return weights;
}

/**
 * The score of every weight at the start: w^2 / U_jj^2; 0 for those of dead inputs. Here H = 2/N X X^T, so that layers
 * compare with each other however many positions each has a sample.
 */
export function sparsegptScore(
  { inputs, outputs, values }: WeightMatrix,
  product: InputProduct,
  { damping, place }: SolveOptions,
): Float64Array<ArrayBuffer> {
  const scores = new Float64Array(values.length);
  const factor = inverseFactor(product, { damping, over: 'mean' }, place);
  pivotScores(values, factor, { first: 0, end: inputs, inputs, outputs }, scores);
  for (const input of deadInputsOf(product)) {
    scores.fill(0, input * outputs, (input + 1) * outputs);
  }
  return scores;
}

function inverseFactor(
  product: InputProduct,
  scale: Pick<HessianOptions, 'damping' | 'over'>,
  place: string,
): Float64Array<ArrayBuffer> {
  const hessian = dampedHessian(product, { ...scale, deadInputs: 'one' });
  return factorOfInverse(hessian, product.inputs, place);
}

interface SweepState {
  readonly weights: Float64Array;
  readonly factor: Float64Array;
  readonly flags: Uint8Array;
}

/** Flags all weights of a block up to the score of rank int(size * share). */
function flagShare({ weights, factor, flags }: SweepState, block: SweepBlock, share: number): void {
  const size = (block.end - block.first) * block.outputs;
  const scores = new Float64Array(size);
  pivotScores(weights, factor, block, scores);
  const rank = Math.min(size - 1, Math.trunc(size * share));
  const threshold = scores.toSorted()[rank] ?? 0;
  const start = block.first * block.outputs;
  scores.forEach((score, i) => (flags[start + i] = score <= threshold ? 1 : 0));
}

/** Flags, where a group of inputs begins, all but the best `keep` of each output; a last part of a group stays. */
function groupFlagger(
  { weights, factor, flags }: SweepState,
  { keep, group, inputs, outputs }: SweepBlock & { readonly keep: number; readonly group: number },
): (input: number) => void {
  const scores = new Float64Array(group * outputs);
  return (input) => {
    if (input % group !== 0 || input + group > inputs) return;
    const block = { first: input, end: input + group, inputs, outputs };
    pivotScores(weights, factor, block, scores);
    for (let output = 0; output < outputs; output++) {
      const order = Array.from({ length: group }, (_, i) => i).sort(
        (a, b) => (scores[a * outputs + output] ?? 0) - (scores[b * outputs + output] ?? 0),
      );
      for (const i of order.slice(0, group - keep)) flags[(input + i) * outputs + output] = 1;
    }
  };
}

/** The inputs behind a block take over its errors: W -= U^T E. */
function passOn(
  { weights, factor }: Pick<SweepState, 'weights' | 'factor'>,
  errors: Float64Array,
  { first, end, inputs, outputs }: SweepBlock,
): void {
  const rows = end - first;
  const rest = inputs - end;
  addProductInPlace(
    {
      values: weights,
      offset: end * outputs,
      rowStride: outputs,
      columnStride: 1,
      rows: rest,
      columns: outputs,
    },
    {
      values: factor,
      offset: first * inputs + end,
      rowStride: inputs,
      columnStride: 1,
      rows,
      columns: rest,
    },
    { values: errors, offset: 0, rowStride: outputs, columnStride: 1, rows, columns: outputs },
    { factor: -1 },
  );
}
