import { testTensorOracle, tensorOracles } from '../../../../helpers/tensorOracles';

for (const oracle of [...tensorOracles('pytorch/'), ...tensorOracles('corrupt/nan_inf.pt')]) {
  testTensorOracle(oracle, { dtypes: { int8: 'qint8' } });
}
