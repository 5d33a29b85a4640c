import { gradientScore } from '../../core/criteria/gradient';
import { snipScore } from '../../core/criteria/snip';
import { signedTaylorScore, taylorScore } from '../../core/criteria/taylor';
import { taylorSquaredScore } from '../../core/criteria/taylorSquared';
import { total } from '../../core/kernels/accumulateKernel';
import type { Values } from '../../core/model/decodeValues';
import { meanGradients, weightsOf } from './gradientSums';
import { activationTaylorScores } from './gradientUnits';
import type { ScoredArray, Scorer, ScoringRun } from './scoringRun';

/** Scores of a tensor by its weights and the gradient of the mean loss over all samples. */
type GradientFormula = (weights: Values, gradient: Values) => Values;

/** |dL/dw|. */
export const gradientScores: Scorer = byGradients((_, gradient) => gradientScore(gradient));

/** |w dL/dw|, with its sign where units add it up so; or the same of what units give. */
export const taylorScores: Scorer = (run) => {
  if (run.request.options.of === 'activations') return activationTaylorScores(run);
  const isSigned = run.request.options.reduction === 'signed-sum';
  return byGradients(isSigned ? signedTaylorScore : taylorScore)(run);
};

/** (w dL/dw)^2. */
export const taylorSquaredScores: Scorer = byGradients(taylorSquaredScore);

function byGradients(formula: GradientFormula): Scorer {
  return async function* (run) {
    const gradients = await meanGradients(run);
    for (const { name, shape } of run.tensors) {
      yield { name, shape, values: formula(await weightsOf(run, name), gradients.of(name)) };
    }
  };
}

/** |w dL/dw| as a share of its sum over all tensors. */
export async function* snipScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const gradients = await meanGradients(run);
  let sum = 0;
  for (const { name } of run.tensors) {
    sum += total(taylorScore(await weightsOf(run, name), gradients.of(name)));
  }
  for (const { name, shape } of run.tensors) {
    const sensitivity = taylorScore(await weightsOf(run, name), gradients.of(name));
    yield { name, shape, values: snipScore(sensitivity, sum) };
  }
}
