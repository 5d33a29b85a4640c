import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedError } from '../../../../src/core/errors';
import { unitScaleOf } from '../../../../src/core/graph/unitScale';
import { type Model, tensorNamed } from '../../../../src/core/model/model';
import { unattended } from '../../../../src/core/progress';
import { parseRecipe } from '../../../../src/core/recipe/parseRecipe';
import { planPrune } from '../../../../src/core/selection/planPrune';
import { weightScores } from '../../../../src/core/selection/weightScores';
import { bytesOf, memoryModel } from '../../../helpers/memoryModel';
import { openFixture } from '../../../helpers/modelFixtures';
import { seededRandom } from '../../../helpers/random';

const ROWS = 40;
const COLUMNS = 30;

function weightsOf(seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: ROWS * COLUMNS }, () => random() - 0.5);
}

/** The same matrix in C order, or with its columns together. */
function matrixModel(values: Float32Array, inFortranOrder: boolean): Model {
  const stored = inFortranOrder
    ? values.map((_, i) => values[(i % ROWS) * COLUMNS + Math.floor(i / ROWS)]!)
    : values;
  return memoryModel([
    {
      name: 'w',
      shape: [ROWS, COLUMNS],
      dtype: 'float32',
      bytes: bytesOf(stored),
      ...(inFortranOrder ? { storageOrder: [1, 0] } : {}),
    },
  ]);
}

async function randomScores(model: Model, seed: number): Promise<Float64Array> {
  const recipe = parseRecipe({ criterion: 'random', seed }, 'test');
  const tensor = tensorNamed(model, 'w');
  const [scored] = weightScores(model, recipe, unattended).scoresOf([tensor]);
  const found = new Float64Array(tensor.elementCount);
  const { flatIndexOf } = scored!;
  for await (const { firstElement, scores } of scored!.chunks()) {
    scores.forEach((score, i) => {
      const place = firstElement + i;
      found[flatIndexOf === null ? place : flatIndexOf(place)] = score;
    });
  }
  return found;
}

test('random scores are those of seed, name and place, whatever the order in which a file stores', async () => {
  const values = weightsOf(1);
  const scores = await randomScores(matrixModel(values, false), 5);
  assert.deepEqual(await randomScores(matrixModel(values, true), 5), scores);
  assert.notDeepEqual(await randomScores(matrixModel(values, false), 6), scores);
});

test('random scores are uniform from 0 to 1, and those of neighbours are not alike', async () => {
  const scores = await randomScores(matrixModel(weightsOf(2), false), 0);
  assert.ok(scores.every((score) => score >= 0 && score < 1));
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  // Four standard deviations of the mean of so many uniform numbers.
  assert.ok(Math.abs(mean - 0.5) < 4 / Math.sqrt(12 * scores.length));
  const products = scores.slice(1).map((score, i) => (score - mean) * (scores[i]! - mean));
  const correlation = (12 * products.reduce((sum, one) => sum + one, 0)) / products.length;
  assert.ok(Math.abs(correlation) < 4 / Math.sqrt(scores.length));
});

test('a weight that is not finite has no random score and stays', async () => {
  const values = weightsOf(3);
  values[17] = NaN;
  values[400] = Infinity;
  const model = matrixModel(values, false);
  const scores = await randomScores(model, 0);
  assert.ok(Number.isNaN(scores[17]) && Number.isNaN(scores[400]));
  const plan = await planPrune(model, parseRecipe({ criterion: 'random' }, 'test'), unattended);
  const counts = plan.entries.map(({ zerosAfter, nonFinite }) => [zerosAfter, nonFinite]);
  assert.deepEqual(counts, [[(ROWS * COLUMNS) / 2, 2]]);
});

test('the scale of a layer is that of the normalization behind it, by the graph and by the order of names', async (t) => {
  const scaleOf = async (fixture: string, layerName: string): Promise<string> => {
    const { model } = await openFixture(t, fixture);
    const layer = model.layers.find(({ name }) => name === layerName)!;
    const scale = unitScaleOf(model, layer, layer.unitCount ?? 0);
    return scale.kind === 'found' ? scale.gamma : scale.reason;
  };
  assert.equal(await scaleOf('pytorch/resnet_state.pt', 'layer1.0.conv2'), 'layer1.0.bn2.weight');
  assert.equal(
    await scaleOf('onnx/resnet_bn_unfolded.onnx', '/layer1/layer1.0/conv2/Conv'),
    'layer1.0.bn2.weight',
  );
  assert.match(await scaleOf('pytorch/resnet_state.pt', 'fc'), /no normalization/);
});

test('layers without a scale keep their units and say why; a model of only such layers is refused', async (t) => {
  const recipe = parseRecipe({ criterion: 'bn-scale' }, 'test');
  const { model } = await openFixture(t, 'pytorch/resnet_state.pt');
  const plan = await planPrune(model, recipe, unattended);
  const last = plan.entries.find(({ layer }) => layer === 'fc');
  assert.deepEqual(last?.cut.zeroedUnits, []);
  assert.ok(plan.warnings.some((warning) => warning.startsWith('fc: keeps its units')));
  const folded = await openFixture(t, 'onnx/resnet_bn_folded.onnx');
  await assert.rejects(planPrune(folded.model, recipe, unattended), UnsupportedError);
});

test('the threshold that a lamp plan tells takes the same weights again', async (t) => {
  const { model } = await openFixture(t, 'pytorch/lenet5_state.pth');
  const bySparsity = parseRecipe({ criterion: 'lamp', sparsity: 0.8 }, 'test');
  const first = await planPrune(model, bySparsity, unattended);
  const threshold = first.globalThreshold!;
  const again = await planPrune(
    model,
    parseRecipe({ criterion: 'lamp', threshold }, 'test'),
    unattended,
  );
  const zerosOf = (plan: typeof first): unknown => plan.entries.map(({ zerosAfter }) => zerosAfter);
  assert.deepEqual(zerosOf(again), zerosOf(first));
});
