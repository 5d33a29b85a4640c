import type { Criterion } from '../../core/criteria/criterion';
import { UnsupportedError } from '../../core/errors';
import { activationScores } from './activationScores';
import { gradientScores } from './gradientScores';
import type { Scorer } from './scoringRun';

/** By which scorer a criterion's scores are found. @throws UnsupportedError for one that needs no network. */
export function scorerOf(criterion: Criterion): Scorer {
  switch (criterion) {
    case 'gradient':
    case 'taylor':
      return gradientScores;
    case 'apoz':
    case 'activation-mean':
    case 'entropy':
      return activationScores;
    default:
      throw new UnsupportedError({
        feature: 'scoring on data',
        found: `criterion ${criterion}`,
        supported: 'gradient, taylor',
      });
  }
}
