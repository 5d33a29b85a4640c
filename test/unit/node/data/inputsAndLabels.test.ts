import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FormatError, UsageError } from '../../../../src/core/errors';
import type { Graph } from '../../../../src/core/graph/graph';
import type { Model } from '../../../../src/core/model/model';
import type { DataRecipe } from '../../../../src/core/recipe/recipe';
import { loadData } from '../../../../src/node/data/loadData';
import { graphTraits, modelTraits } from '../../../../src/node/data/modelTraits';
import { describeData } from '../../../../src/node/data/describeData';
import { fixturePath } from '../../../helpers/fixtures';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { graphTaking, writeNpz, writeText } from './dataFiles';

test('deals columns to the inputs by how many numbers each takes', async (t) => {
  const file = await writeText(t, 'a,b,c,label\n1,2,3,0\n4,5,6,1\n');
  const data = await load(t, { file }, graphTaking({ pair: [2], one: [1] }));
  const { inputs } = await data.readBatch(0, 2);
  assert.deepEqual(
    inputs.map(({ shape, values }) => [shape, [...values]]),
    [
      [
        [2, 2],
        [1, 2, 4, 5],
      ],
      [
        [2, 1],
        [3, 6],
      ],
    ],
  );
});

test('gives each of several outputs the labels of its place, by name or by order', async (t) => {
  const file = await writeText(t, 'a,first,second\n1,0,2.5\n2,1,3.5\n');
  const graph = withOutputs(graphTaking({ x: [1] }), ['out1', 'out2']);
  const data = await load(t, { file, labels: ['first', 'second'] }, graph);
  const values = data.targets.map((target) =>
    target?.kind === 'column' ? [...target.values] : null,
  );
  assert.deepEqual(values, [
    [0, 1],
    [2.5, 3.5],
  ]);
});

test('takes several columns as one target of as many numbers', async (t) => {
  const file = await writeText(t, 'a,b,c\n1,2,3\n4,5,6\n');
  const data = await load(t, { file, labels: ['b', 'c'] }, graphTaking({ x: [1] }));
  assert.deepEqual(data.targets[0], { kind: 'array', name: '2 columns', elementsPerSample: 2 });
  const { targets } = await data.readBatch(1, 2);
  assert.deepEqual([...(targets[0] ?? [])], [5, 6]);
});

test('a table of numbers that the model takes whole has no labels', async (t) => {
  const file = await writeText(t, '1,2\n3,4\n');
  const data = await load(t, { file }, graphTaking({ x: [2] }));
  assert.deepEqual(data.targets, []);
  const none = await load(t, { file, labels: [] }, graphTaking({ x: [2] }));
  assert.deepEqual(none.targets, []);
});

test('header and delimiter settle what the first line does not tell', async (t) => {
  const numbers = await writeText(t, '1,2\n3,4\n');
  const named = await load(t, { file: numbers, header: true }, graphTaking({ x: [1] }));
  assert.equal(named.sampleCount, 1);
  const words = await writeText(t, 'red|1\nblue|2\n');
  const plain = await load(
    t,
    { file: words, header: false, delimiter: '|' },
    graphTaking({ x: [1] }),
  );
  assert.equal(plain.sampleCount, 2);
});

test('refuses numbers that are no rows of the embedding, naming row, element and rows', async (t) => {
  const model = embeddingModel();
  const { graph } = model;
  const traits = modelTraits(model) ?? graphTraits(graph);
  const limit = 10;
  const length = 4;
  const rows = (value: number) => {
    const values = new Float32Array(2 * length);
    values[length + 1] = value;
    return writeNpz(t, [{ name: 'x', shape: [2, length], values }]);
  };
  for (const wrong of [limit, -1, 0.5]) {
    const data = await loadData({ file: await rows(wrong), scale: 1 / 255 }, graph, traits);
    t.after(() => data.close());
    await assert.rejects(data.readBatch(0, 2), (error) => {
      assert.ok(error instanceof FormatError);
      assert.match(
        error.message,
        new RegExp(`row 1, element 1: found ${wrong}; .*0 to ${limit - 1}`),
      );
      return true;
    });
  }
  const data = await loadData({ file: await rows(limit - 1), scale: 1 / 255 }, graph, traits);
  t.after(() => data.close());
  const { inputs } = await data.readBatch(0, 2);
  assert.equal(inputs[0]?.values[length + 1], limit - 1, 'whole numbers are not scaled');
});

test('says how many columns and numbers there are where they cannot be dealt', async (t) => {
  const file = await writeText(t, 'a,b,c,d,label\n1,2,3,4,0\n');
  await assert.rejects(
    loadData({ file }, graphTaking({ pair: [2], one: [1] })),
    (error) => error instanceof UsageError && /4 columns.*2 inputs take 2, 1/.test(error.message),
  );
});

test('suggests a scale for pictures, and tells what becomes of their size', async () => {
  const view = await describeData(fixturePath('images'), null);
  assert.equal(view.kind, 'images');
  assert.equal(view.suggestion.scale, 1 / 255);
  assert.ok(view.notes.some(({ kind }) => kind === 'noLabels'));
});

/** Ten rows of three numbers, of which the input chooses four. */
function embeddingModel(): Model & { readonly graph: Graph } {
  const table = { name: 'table', shape: [10, 3], dtype: 'float32' } as const;
  const model = memoryModel([{ ...table, bytes: bytesOf(new Float32Array(30)) }]);
  const graph: Graph = {
    inputs: [{ value: 'x', name: 'x', shape: [-1, 4], type: 'int32' }],
    parameters: [{ value: '%table', tensor: 'table', type: 'float32' }],
    constants: [],
    outputs: [{ value: 'rows', name: 'rows' }],
    nodes: [
      {
        id: 'embedding',
        layer: 'embedding',
        operator: { kind: 'gather', axis: 0 },
        inputs: ['%table', 'x'],
        outputs: ['rows'],
      },
    ],
  };
  return { ...model, graph };
}

function withOutputs(graph: Graph, names: readonly string[]): Graph {
  const [first] = graph.outputs;
  return { ...graph, outputs: names.map((name) => ({ value: first?.value ?? '', name })) };
}

async function load(t: TestContext, recipe: DataRecipe, graph: Graph) {
  const data = await loadData(recipe, graph, graphTraits(graph));
  t.after(() => data.close());
  return data;
}
