import { testCorruptFiles } from '../../../../helpers/corruptFiles';

testCorruptFiles(['pkl_'], {});
