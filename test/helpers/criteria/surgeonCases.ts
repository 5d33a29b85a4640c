import { networkObsScore, removeByNetworkObs } from '../../../src/core/criteria/networkObs';
import {
  factorOfInverse,
  inverseDiagonal,
  invertSymmetric,
} from '../../../src/core/linearAlgebra/cholesky';
import { type IrisSurgeon, irisSurgeon, SURGEON_SIZE } from '../irisSurgeon';
import { countOther, type CriterionCase, DOUBLE, EXACT, relativeDifference } from './criterionCase';

/** Below this share of an array's norm the solves tell nothing of an element in double precision. */
const ROUNDING = 1e-10;

interface Figures {
  readonly found: ArrayLike<number>;
  readonly expected: readonly number[];
}

/**
 * The optimal brain surgeon over all parameters of the iris network, one after the other: the functions that `prune`
 * calls, on derivatives in float64. (`prune` itself changes no biases, which the oracle's updates do.)
 */
export function surgeonCases(): readonly CriterionCase[] {
  return [
    comparison('diagonal of the inverse Hessian of the network', ({ hessian, oracle }) => ({
      found: diagonalOf(hessian),
      expected: oracle.obs_gauss_newton.inverse_diag,
    })),
    comparison('saliencies of all parameters, biases too', ({ hessian, theta, oracle }) => ({
      found: networkObsScore(theta, diagonalOf(hessian)),
      expected: oracle.obs_gauss_newton.saliency,
    })),
    comparison('what the others change by when the first goes (delta_w)', (surgeon) => {
      const { theta } = removed(surgeon, 1);
      return {
        found: theta.map((value, i) => value - surgeon.theta[i]!),
        expected: surgeon.oracle.obs_gauss_newton.delta_w,
      };
    }),
    comparison('loss before, without the first, and with the others updated', lossesOf),
    {
      ...common(`which parameters go first, in 20 steps`),
      tolerance: EXACT,
      measure: async () => {
        const surgeon = await irisSurgeon();
        const { first_pruned_index: first, iterative20 } = surgeon.oracle.obs_gauss_newton;
        return countOther([
          [removed(surgeon, 1).order, [first]],
          [removed(surgeon, iterative20.order.length).order, iterative20.order],
        ]);
      },
    },
    comparison('loss after each of 20 steps', (surgeon) => ({
      found: removed(surgeon, 20).losses,
      expected: surgeon.oracle.obs_gauss_newton.iterative20.loss_after_each,
    })),
    comparison('parameters after 20 steps', (surgeon) => ({
      found: removed(surgeon, 20).theta,
      expected: surgeon.oracle.obs_gauss_newton.iterative20.final_theta,
    })),
  ];
}

function common(compared: string) {
  return { criterion: 'obs', fixture: 'numpy/iris_mlp.npz', oracle: 'iris_mlp', compared };
}

function comparison(compared: string, figuresOf: (surgeon: IrisSurgeon) => Figures): CriterionCase {
  return {
    ...common(compared),
    tolerance: DOUBLE,
    measure: async () => {
      const { found, expected } = figuresOf(await irisSurgeon());
      return relativeDifference(found, expected, ROUNDING);
    },
  };
}

function diagonalOf(hessian: Float64Array): Float64Array {
  return inverseDiagonal(
    factorOfInverse(hessian.slice(), SURGEON_SIZE, 'the network'),
    SURGEON_SIZE,
  );
}

function lossesOf(surgeon: IrisSurgeon): Figures {
  const { theta, lossOf, oracle } = surgeon;
  const { first_pruned_index: first, ...after } = oracle.obs_gauss_newton;
  const without = theta.map((value, i) => (i === first ? 0 : value));
  return {
    found: [lossOf(theta), lossOf(without), lossOf(removed(surgeon, 1).theta)],
    expected: [oracle.loss_before, after.loss_after_plain_zeroing, after.loss_after_update],
  };
}

/** What is left of the parameters once so many of them are gone, in which order, and the loss after each. */
function removed({ theta: before, hessian, lossOf }: IrisSurgeon, count: number) {
  const theta = before.slice();
  const inverse = invertSymmetric(hessian.slice(), SURGEON_SIZE, 'the network');
  const quotas = { quotaOf: new Int32Array(SURGEON_SIZE), counts: [count] };
  const losses: number[] = [];
  const steps = removeByNetworkObs(theta, inverse, quotas);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) losses.push(lossOf(theta));
  return { theta, losses, order: step.value.order };
}
