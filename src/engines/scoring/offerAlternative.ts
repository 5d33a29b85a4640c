import { CRITERION_TRAITS, type Criterion } from '../../core/criteria/criterion';
import { UnsupportedError } from '../../core/errors';

/**
 * Runs what a criterion needs of the network. Where the network cannot be run, the error also says which criteria do
 * without: those that the weights alone are enough for.
 * @throws what `run` throws.
 */
export async function offerAlternative<T>(criterion: Criterion, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UnsupportedError) || error.detail.feature !== 'running the model') {
      throw error;
    }
    const other = CRITERION_TRAITS[criterion].ranks === 'units' ? 'l2-norm' : 'magnitude';
    throw new UnsupportedError({
      ...error.detail,
      feature: `criterion ${criterion}, running the model`,
      supported: `${error.detail.supported}; or a criterion by the weights alone such as ${other}`,
    });
  }
}
