import { irisArchitecture } from '../../unit/engines/tfjs/modelFixtures';
import { tensorNamed } from '../../../src/core/model/model';
import { unattended } from '../../../src/core/progress';
import { parseRecipe } from '../../../src/core/recipe/parseRecipe';
import type { PlanEntry } from '../../../src/core/report/plan';
import { createTfjsExecutor } from '../../../src/engines/tfjs/createTfjsExecutor';
import { openModelFile } from '../../../src/node/openModel';
import { readFile } from 'node:fs/promises';
import { fixturePath, readOracle } from '../fixtures';
import { planOf, ports } from './commands';
import {
  countOther,
  type CriterionCase,
  EXACT,
  relativeDifference,
  SINGLE,
  singleDifference,
} from './criterionCase';

/** What a model does on the test data with one layer pruned, by layer and share. */
interface SensitivityOracle {
  readonly sensitivity: {
    readonly layers: Readonly<
      Record<string, Readonly<Record<string, { readonly correct: number; readonly loss: number }>>>
    >;
  };
}

/** What whole networks do on data without some weights of a layer, without each weight, without each neuron. */
export function networkCases(): readonly CriterionCase[] {
  const digits = { file: fixturePath('datasets/digits.npz'), split: 'test', scale: 1 / 16 };
  const mnist = { file: fixturePath('datasets/mnist.npz'), split: 'test', scale: 1 / 255 };
  return [
    ...sensitivityCases('digits_mlp', 'onnx/digits_mlp_legacy.onnx', digits),
    ...sensitivityCases('lenet5', 'onnx/lenet5_legacy.onnx', mnist),
    neuronCase(),
    exactDeltaCase(),
  ];
}

/** Each neuron really silent, its weights and its bias 0, by a cut of its unit. */
function neuronCase(): CriterionCase {
  const fixture = 'onnx/digits_mlp_legacy.onnx';
  return {
    criterion: 'units',
    fixture,
    oracle: 'digits_mlp',
    compared:
      'loss with one neuron masked, less that of the network (delta_test_loss_when_removed)',
    tolerance: SINGLE,
    measure: async () => {
      const { neurons } = (await readOracle('pruning/digits_mlp')) as {
        neurons: Readonly<Record<string, { delta_test_loss_when_removed: readonly number[] }>>;
      };
      const expected = ['fc1', 'fc2'].flatMap(
        (layer) => neurons[layer]!.delta_test_loss_when_removed,
      );
      const file = fixturePath('datasets/digits.npz');
      const data = { file, split: 'test', scale: 1 / 16, loss: 'ce-logits' } as const;
      const fields = { criterion: 'l2-norm', scope: 'layer', sparsity: 0.5, data };
      const { entries } = await planOf(fixture, fields);
      const request = { path: fixturePath(fixture), architecture: null, data, seed: 0 };
      const variants = entries.slice(0, 2).flatMap(silencedUnits);
      const { original, variants: found } = await ports.evaluateMany(
        { ...request, variants },
        unattended,
      );
      return singleDifference(
        found.map(({ loss }) => loss - original.loss),
        expected,
      );
    },
  };
}

/** Cuts of one unit each, of all units of the layer. */
function silencedUnits(entry: PlanEntry): readonly (readonly PlanEntry[])[] {
  const count = entry.cut.unitMap?.count ?? 0;
  return Array.from({ length: count }, (_, unit) => [
    { ...entry, cut: { ...entry.cut, zeroedUnits: [unit] } },
  ]);
}

function sensitivityCases(oracle: string, fixture: string, data: object): readonly CriterionCase[] {
  const common = { criterion: 'magnitude', fixture, oracle };
  const measured = async () => {
    const { sensitivity } = (await readOracle(`pruning/${oracle}`)) as SensitivityOracle;
    const wanted = Object.values(sensitivity.layers);
    const levels = Object.keys(wanted[0] ?? {}).map(Number);
    const recipe = parseRecipe({ data: { ...data, loss: 'ce-logits' } }, fixture);
    const request = { path: fixturePath(fixture), recipe, levels };
    const { layers } = await ports.scoring.sensitivity(request, unattended);
    const found = layers.flatMap(({ points }) => points);
    return { found, expected: wanted.flatMap((layer) => Object.values(layer)) };
  };
  return [
    {
      ...common,
      compared: 'sensitivity: correct test samples with one layer pruned',
      tolerance: EXACT,
      measure: async () => {
        const { found, expected } = await measured();
        return countOther(expected.map(({ correct }, i) => [found[i]?.correct, correct]));
      },
    },
    {
      ...common,
      compared: 'sensitivity: loss with one layer pruned',
      tolerance: SINGLE,
      measure: async () => {
        const { found, expected } = await measured();
        return relativeDifference(
          found.map(({ loss }) => loss),
          expected.map(({ loss }) => loss),
        );
      },
    },
  ];
}

/** Each weight really set to 0 by a cut, as a plan makes it. */
function exactDeltaCase(): CriterionCase {
  return {
    criterion: 'output-sensitivity',
    fixture: 'numpy/iris_mlp.npz',
    oracle: 'iris_mlp',
    compared: 'what the outputs change by when a weight is cut (exact_delta_mse)',
    tolerance: SINGLE,
    measure: async () => {
      const { exact_delta_mse: oracle } = (await readOracle('pruning/iris_mlp')) as {
        exact_delta_mse: Readonly<Record<string, readonly number[]>>;
      };
      const expected = [...oracle['fc1.weight']!, ...oracle['fc2.weight']!];
      return singleDifference(await deltasOfCuts(), expected);
    },
  };
}

/** By tensor the places of its weights, [out, in], in the file's [in, out]. */
const IRIS_TENSORS = [
  { name: 'W1', inputs: 4, outputs: 8 },
  { name: 'W2', inputs: 8, outputs: 3 },
];

async function deltasOfCuts(): Promise<readonly number[]> {
  const values = await irisRows(64);
  const opened = await openModelFile(fixturePath('numpy/iris_mlp.npz'), {
    architecture: irisArchitecture,
  });
  const outputsOf = async (cuts: readonly PlanEntry[]): Promise<Float32Array> => {
    const executor = await createTfjsExecutor(opened.model, cuts);
    try {
      const [output] = await executor.run([{ shape: [64, 4], values }]);
      return Float32Array.from(output?.values ?? []);
    } finally {
      executor.dispose();
    }
  };
  try {
    const whole = await outputsOf([]);
    const deltas: number[] = [];
    for (const { name, inputs, outputs } of IRIS_TENSORS) {
      for (let weight = 0; weight < inputs * outputs; weight++) {
        const place = (weight % inputs) * outputs + Math.floor(weight / inputs);
        const cut = await outputsOf([
          cutOf(tensorNamed(opened.model, name).elementCount, name, place),
        ]);
        const squares = cut.map((value, i) => (value - whole[i]!) ** 2);
        deltas.push(squares.reduce((sum, one) => sum + one, 0) / squares.length);
      }
    }
    return deltas;
  } finally {
    await opened.close();
  }
}

async function irisRows(count: number): Promise<Float32Array> {
  const text = await readFile(fixturePath('datasets/iris.csv'), 'utf8');
  const rows = text
    .trim()
    .split('\n')
    .slice(1, count + 1);
  return Float32Array.from(rows.flatMap((row) => row.split(',').slice(0, 4).map(Number)));
}

function cutOf(elementCount: number, tensor: string, place: number): PlanEntry {
  const mask = new Uint8Array(Math.ceil(elementCount / 8));
  mask[place >>> 3] = 1 << (place & 7);
  return {
    layer: tensor,
    tensor,
    bias: null,
    criterion: 'magnitude',
    cut: { threshold: null, tieLimit: 0, unitMap: null, zeroedUnits: [], mask },
    threshold: null,
    elementCount,
    zerosBefore: 0,
    zerosAfter: 1,
    nonFinite: 0,
    overridden: false,
  };
}
