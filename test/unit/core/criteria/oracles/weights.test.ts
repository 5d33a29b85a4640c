import { weightCases } from '../../../../helpers/criteria/weightCases';
import { testCriteria } from '../../../../helpers/criteria/testCriteria';

testCriteria('what goes by the weights alone is what other tools take', weightCases);
