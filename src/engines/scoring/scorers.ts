import type { Criterion } from '../../core/criteria/criterion';
import { UnsupportedError } from '../../core/errors';
import { activationScores } from './activationScores';
import { gradientScores, snipScores, taylorScores, taylorSquaredScores } from './gradientScores';
import { graspScores, obdScores } from './hessianScores';
import { inputNormScores } from './inputNormScores';
import { productScores } from './productScores';
import { perturbationScores } from './perturbationScores';
import { fisherScores, outputSensitivityScores } from './squaredGradientScores';
import type { Scorer } from './scoringRun';
import { networkObsScores } from './networkObsScores';

/** By which scorer a criterion's scores are found. @throws UnsupportedError for one that needs no network. */
export function scorerOf(criterion: Criterion): Scorer {
  switch (criterion) {
    case 'gradient':
      return gradientScores;
    case 'taylor':
      return taylorScores;
    case 'taylor-squared':
      return taylorSquaredScores;
    case 'snip':
      return snipScores;
    case 'fisher':
      return fisherScores;
    case 'output-sensitivity':
      return outputSensitivityScores;
    case 'obd':
      return obdScores;
    case 'grasp':
      return graspScores;
    case 'apoz':
    case 'activation-mean':
    case 'entropy':
      return activationScores;
    case 'wanda':
      return inputNormScores;
    case 'obs':
      return obsScores;
    case 'least-squares':
    case 'sparsegpt':
      return productScores;
    case 'stability':
      return perturbationScores;
    default:
      throw new UnsupportedError({
        feature: 'scoring on data',
        found: `criterion ${criterion}`,
        supported:
          'criteria that look at derivatives, activations or inputs; others are found of the weights alone',
      });
  }
}

const obsScores: Scorer = (run) =>
  run.request.options.extent === 'network' ? networkObsScores(run) : productScores(run);
