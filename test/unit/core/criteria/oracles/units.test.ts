import { unitCases } from '../../../../helpers/criteria/unitCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('units go as in other tools', unitCases);
