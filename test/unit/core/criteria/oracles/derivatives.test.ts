import { derivativeCases } from '../../../../helpers/criteria/derivativeCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('scores by derivatives are those of other tools', () =>
  Promise.resolve(derivativeCases()),
);
