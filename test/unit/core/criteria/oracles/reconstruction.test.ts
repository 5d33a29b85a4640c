import { reconstructionCases } from '../../../../helpers/criteria/reconstructionCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('reconstructed weights are those of other tools', () =>
  Promise.resolve(reconstructionCases()),
);
