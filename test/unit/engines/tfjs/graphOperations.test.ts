// Every operation of TensorFlow.js graph models on the own executor. test/fixtures/tfjs/operations_graph is a
// frozen graph of TensorFlow 2.21 in the converter's layout, with the outputs that TensorFlow computed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openModelFile } from '../../../../src/node/openModel';
import { fixturePath } from '../../../helpers/fixtures';
import { numberedArrays, readArrays } from '../../../helpers/npzArrays';
import { wrongOutputs } from '../../../helpers/outputDifference';
import { runModelFile } from '../../../helpers/runModelFile';

const FILE = fixturePath('tfjs', 'operations_graph', 'model.json');

test('knows every operation of the graph once its sizes are known', async () => {
  const opened = await openModelFile(FILE);
  await opened.close();
  const graph = opened.model.lowerGraph!([
    [3, 8, 6, 4],
    [3, 3],
  ]);
  const unknown = graph.nodes.flatMap(({ id, operator }) =>
    operator.kind === 'opaque' ? [`${id}: ${operator.name}, ${operator.reason ?? 'unknown'}`] : [],
  );
  assert.deepEqual(unknown, []);
});

test('gives the outputs of TensorFlow for every operation', async () => {
  const arrays = await readArrays('tfjs/operations_graph/outputs.npz');
  const found = await runModelFile(FILE, numberedArrays(arrays, 'input'));
  assert.deepEqual(wrongOutputs(found, numberedArrays(arrays, 'output'), 1e-5), []);
});
