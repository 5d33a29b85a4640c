import { dampedInPlace } from '../../src/core/criteria/networkObs';
import { addOuterProductInPlace } from '../../src/core/kernels/networkObsKernel';
import { readOracle } from './fixtures';
import { irisBatch } from './irisBatch';

/** `obd_obs` of test/fixtures/oracles/pruning/iris_mlp.json: NumPy in float64, all 67 parameters. */
export interface SurgeonOracle {
  readonly theta: readonly number[];
  readonly loss_before: number;
  readonly obs_gauss_newton: {
    readonly damping: number;
    readonly saliency: readonly number[];
    readonly inverse_diag: readonly number[];
    readonly first_pruned_index: number;
    readonly delta_w: readonly number[];
    readonly loss_after_update: number;
    readonly loss_after_plain_zeroing: number;
    readonly iterative20: {
      readonly order: readonly number[];
      readonly loss_after_each: readonly number[];
      readonly final_theta: readonly number[];
    };
  };
}

/** The iris network, written out in float64, for the optimal brain surgeon over the whole of it. */
export interface IrisSurgeon {
  readonly oracle: SurgeonOracle;
  /** W1 [8, 4], b1, W2 [3, 8], b2, one after the other. */
  readonly theta: Float64Array;
  /** Gauss-Newton matrix of the mean loss with the oracle's damping, both triangles. */
  readonly hessian: Float64Array;
  /** Mean squared error on the oracle's rows. */
  readonly lossOf: (theta: Float64Array) => number;
}

/** How many parameters the network has. */
export const SURGEON_SIZE = 67;
const [INPUTS, HIDDEN, OUTPUTS] = [4, 8, 3];

/** Where the first bias, the second matrix and its bias begin. */
export const [B1, W2, B2] = [32, 40, 64];

/** The network and its oracle. */
export async function irisSurgeon(): Promise<IrisSurgeon> {
  const { obd_obs: oracle } = (await readOracle('pruning/iris_mlp')) as {
    readonly obd_obs: SurgeonOracle;
  };
  const rows = await irisBatch(64);
  const theta = Float64Array.from(oracle.theta);
  const values = new Float64Array(SURGEON_SIZE * SURGEON_SIZE);
  const scale = Math.sqrt(2 / (rows.length * OUTPUTS));
  for (const { x } of rows) {
    for (let k = 0; k < OUTPUTS; k++) {
      addOuterProductInPlace(
        values,
        derivatives(theta, x, k).map((slope) => slope * scale),
      );
    }
  }
  const hessian = dampedInPlace(values, SURGEON_SIZE, oracle.obs_gauss_newton.damping);
  const lossOf = (at: Float64Array): number => {
    let sum = 0;
    for (const { x, label } of rows) {
      forward(at, x).outputs.forEach((y, k) => (sum += (y - Number(k === label)) ** 2));
    }
    return sum / (rows.length * OUTPUTS);
  };
  return { oracle, theta, hessian, lossOf };
}

function forward(theta: Float64Array, x: ArrayLike<number>) {
  const hidden = Array.from({ length: HIDDEN }, (_, j) => {
    let sum = theta[B1 + j]!;
    for (let i = 0; i < INPUTS; i++) sum += theta[j * INPUTS + i]! * x[i]!;
    return sigmoid(sum);
  });
  const outputs = Array.from({ length: OUTPUTS }, (_, k) => {
    let sum = theta[B2 + k]!;
    hidden.forEach((h, j) => (sum += theta[W2 + k * HIDDEN + j]! * h));
    return sigmoid(sum);
  });
  return { hidden, outputs };
}

/** d f_k / d theta of one sample. */
function derivatives(theta: Float64Array, x: ArrayLike<number>, k: number): Float64Array {
  const { hidden, outputs } = forward(theta, x);
  const slope = outputs[k]! * (1 - outputs[k]!);
  const found = new Float64Array(SURGEON_SIZE);
  found[B2 + k] = slope;
  hidden.forEach((h, j) => {
    found[W2 + k * HIDDEN + j] = slope * h;
    const back = slope * theta[W2 + k * HIDDEN + j]! * h * (1 - h);
    found[B1 + j] = back;
    for (let i = 0; i < INPUTS; i++) found[j * INPUTS + i] = back * x[i]!;
  });
  return found;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
