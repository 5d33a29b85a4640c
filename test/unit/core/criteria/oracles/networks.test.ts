import { networkCases } from '../../../../helpers/criteria/networkCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('what needs the whole network is as in other tools', () =>
  Promise.resolve(networkCases()),
);
