// Products with the Hessian, as torch 2.13.0 computed them in float64.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTfjsExecutor } from '../../../../src/engines/tfjs/createTfjsExecutor';
import { openFixture } from '../../../helpers/modelFixtures';
import { readArrays } from '../../../helpers/npzArrays';
import { digitsLoss } from '../../../helpers/digitsLoss';
import { assertClose } from '../../../helpers/assertClose';

for (const file of ['digits_mlp_dynamo', 'digits_mlp_legacy']) {
  test(`moves the gradient of ${file} along itself as torch in float64 does`, async (t) => {
    const { model } = await openFixture(t, 'onnx', `${file}.onnx`);
    const executor = await createTfjsExecutor(model, []);
    t.after(() => {
      executor.dispose();
    });
    const { inputs, objective } = await digitsLoss();
    const weights = await executor.readParameters();
    const parameters = [...weights.keys()];
    const { parameters: gradients } = await executor.gradients({ inputs, objective, parameters });
    const vectors = new Map([...gradients].map(([name, { values }]) => [name, values]));
    const products = await executor.hessianVectorProduct({ inputs, objective, vectors });
    const oracles = await readArrays('oracles/pruning/digits_mlp_criteria.npz');
    assert.equal(parameters.length, 6);
    for (const name of parameters) {
      const weight = weights.get(name)!.values;
      const grasp = products.get(name)!.values.map((product, i) => -weight[i]! * product);
      assertClose(grasp, oracles.get(`grasp/${name}`)!.values, 1e-3, name);
    }
  });
}
