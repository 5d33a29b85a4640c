import { testTensorOracle, tensorOracles } from '../../../../helpers/tensorOracles';

for (const oracle of tensorOracles('paddle/')) testTensorOracle(oracle);
