import { groupCases } from '../../../../helpers/criteria/groupCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('importances of coupled units are those of other tools', groupCases);
