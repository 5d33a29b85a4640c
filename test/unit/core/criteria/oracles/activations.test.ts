import { activationCases } from '../../../../helpers/criteria/activationCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('scores by activations are those of other tools', () =>
  Promise.resolve(activationCases()),
);
