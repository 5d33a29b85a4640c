import { surgeonCases } from '../../../../helpers/criteria/surgeonCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('the surgeon over a whole network takes what other tools take', () =>
  Promise.resolve(surgeonCases()),
);
