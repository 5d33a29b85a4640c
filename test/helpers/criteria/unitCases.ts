import { groupImportance } from '../../../src/core/criteria/groupImportance';
import { fixturePath, readOracle } from '../fixtures';
import { arraysOf, type FoundArray, planOf, scoresOf } from './commands';
import {
  countOther,
  type CriterionCase,
  DOUBLE,
  EXACT,
  relativeDifference,
  worstOf,
} from './criterionCase';

type Scores = Readonly<Record<string, readonly number[]>>;
type Indices = Readonly<Record<string, readonly number[]>>;

/** L1 norms of units that are coupled over the layers of one network: of Keras models, and of a transformer. */
export async function unitCases(): Promise<readonly CriterionCase[]> {
  const [lenet5, resbn, lstm, gru, transformer] = await Promise.all(
    [
      'keras_structured_lenet5_50',
      'keras_structured_resbn_50',
      'keras_structured_lstm_50',
      'keras_structured_gru_50',
      'transformer',
    ].map((name) => readOracle(`pruning/${name}`)),
  );
  return [
    ...lenet5Cases(lenet5 as LenetOracle),
    ...resbnCases(resbn as ResbnOracle),
    ...recurrentCases(lstm as RecurrentOracle, gru as { scores: Scores; kept: Indices }),
    ...transformerCases(transformer as TransformerOracle),
  ];
}

interface LenetOracle {
  readonly scores_L1_own_kernel: Scores;
  readonly kept: Indices;
}

/** Layers in order; the last one's outputs stay. */
function lenet5Cases({
  scores_L1_own_kernel: scores,
  kept,
}: LenetOracle): readonly CriterionCase[] {
  const common = {
    criterion: 'l1-norm',
    fixture: 'keras/lenet5.keras',
    oracle: 'keras_structured_lenet5_50',
  };
  const names = Object.keys(scores);
  return [
    {
      ...common,
      compared: 'norms of output units',
      tolerance: DOUBLE,
      measure: async () => {
        const found = [...(await scoresOf(common.fixture, { criterion: 'l1-norm' })).values()];
        return worstOf(names.entries(), ([i, name]) =>
          Promise.resolve(relativeDifference(found[i]!.values, scores[name]!)),
        );
      },
    },
    {
      ...common,
      compared: 'which output units stay at 50 %',
      tolerance: EXACT,
      measure: async () => {
        const fields = { criterion: 'l1-norm', scope: 'layer', sparsity: 0.5, exclude: ['fc3'] };
        const { entries } = await planOf(common.fixture, fields);
        return countOther([
          [entries.length, names.length],
          ...names.map((name, i): [unknown, unknown] => {
            const gone = new Set(entries[i]?.cut.zeroedUnits);
            return [
              scores[name]!.map((_, unit) => unit).filter((unit) => !gone.has(unit)),
              kept[name],
            ];
          }),
        ]);
      },
    },
  ];
}

interface ResbnOracle {
  readonly groups_producers: Readonly<Record<string, readonly string[]>>;
  readonly scores_sum_of_L1_of_producers: Scores;
  readonly kept: Indices;
}

/** Names of the layers that can be pruned, in the order of `scores`. */
const RESBN_LAYERS = [
  'stem_conv',
  'b1_conv1',
  'b1_conv2',
  'b2_conv1',
  'b2_proj',
  'b2_conv2',
  'b3_conv1',
  'b3_conv2',
];

function resbnCases(oracle: ResbnOracle): readonly CriterionCase[] {
  const { groups_producers: producers, scores_sum_of_L1_of_producers: scores, kept } = oracle;
  const fixture = 'keras/resbn.keras';
  const found = async (): Promise<Scores> => {
    const norms = [...(await scoresOf(fixture, { criterion: 'l1-norm' })).values()];
    const entries = Object.entries(producers).map(([group, layers]) => {
      const members = layers.map((layer) => asMember(norms[RESBN_LAYERS.indexOf(layer)]!.values));
      const options = { reduction: 'sum', normalizer: 'none' } as const;
      return [group, [...groupImportance(members, scores[group]!.length, options)]] as const;
    });
    return Object.fromEntries(entries);
  };
  return groupComparisons({ fixture, oracle: 'keras_structured_resbn_50', scores, kept }, found);
}

interface RecurrentOracle {
  readonly scores: readonly number[];
  readonly kept: readonly number[];
}

/** Of a hidden unit: its columns in both kernels, all gates, and its row in the recurrent one. */
function recurrentCases(
  lstm: RecurrentOracle,
  gru: { readonly scores: Scores; readonly kept: Indices },
): readonly CriterionCase[] {
  const cellsOf = (fixture: string, cells: Readonly<Record<string, string>>) => async () => {
    const arrays = await arraysOf(fixturePath(fixture));
    const entries = Object.entries(cells).map(([name, cell]) => {
      const kernel = arrays.get(`layers/${cell}/cell/vars/0`)!;
      const recurrent = arrays.get(`layers/${cell}/cell/vars/1`)!;
      return [name, [...hiddenUnitScores(kernel, recurrent)]] as const;
    });
    return Object.fromEntries(entries);
  };
  const ofLstm = { scores: { lstm: lstm.scores }, kept: { lstm: lstm.kept } };
  return [
    ...groupComparisons(
      { fixture: 'keras/lstm.keras', oracle: 'keras_structured_lstm_50', ...ofLstm },
      cellsOf('keras/lstm.keras', { lstm: 'lstm' }),
    ),
    ...groupComparisons(
      { fixture: 'keras/gru.keras', oracle: 'keras_structured_gru_50', ...gru },
      cellsOf('keras/gru.keras', { gru1: 'gru', gru2: 'gru_1' }),
    ),
  ];
}

function hiddenUnitScores(kernel: FoundArray, recurrent: FoundArray): Float64Array {
  const units = recurrent.shape[0] ?? 0;
  const gates = (shape: readonly number[]) => (index: number) => (index % (shape[1] ?? 1)) % units;
  const members = [
    memberBy(kernel, gates(kernel.shape)),
    memberBy(recurrent, gates(recurrent.shape)),
    memberBy(recurrent, (index) => Math.floor(index / (recurrent.shape[1] ?? 1))),
  ];
  return groupImportance(members, units, { reduction: 'sum', normalizer: 'none' });
}

interface TransformerOracle {
  readonly heads: Readonly<
    Record<
      string,
      { readonly importance_L1_qkv_rows_plus_o_cols: readonly number[]; readonly lowest: number }
    >
  >;
  readonly ffn: Readonly<
    Record<
      string,
      {
        readonly importance_L1_fc1_rows_plus_fc2_cols: readonly number[];
        readonly pruned_50: readonly number[];
      }
    >
  >;
}

function transformerCases({ heads, ffn }: TransformerOracle): readonly CriterionCase[] {
  const fixture = 'pytorch/transformer_state.pt';
  const layers = Object.keys(heads);
  const headScores = Object.fromEntries(
    layers.map((layer) => [layer, heads[layer]!.importance_L1_qkv_rows_plus_o_cols]),
  );
  const keptHeads = Object.fromEntries(
    layers.map((layer) => [
      layer,
      headScores[layer]!.map((_, i) => i).filter((i) => i !== heads[layer]!.lowest),
    ]),
  );
  const unitScores = Object.fromEntries(
    layers.map((layer) => [layer, ffn[layer]!.importance_L1_fc1_rows_plus_fc2_cols]),
  );
  const keptUnits = Object.fromEntries(
    layers.map((layer) => [
      layer,
      unitScores[layer]!.map((_, i) => i).filter((i) => !ffn[layer]!.pruned_50.includes(i)),
    ]),
  );
  return [
    ...groupComparisons(
      { fixture, oracle: 'transformer heads', scores: headScores, kept: keptHeads },
      () => sumsOver(fixture, headScores, ['attn.q', 'attn.k', 'attn.v'], 'attn.o'),
    ),
    ...groupComparisons(
      { fixture, oracle: 'transformer ffn', scores: unitScores, kept: keptUnits },
      () => sumsOver(fixture, unitScores, ['fc1'], 'fc2'),
    ),
  ];
}

/** Rows of what gives the units, columns of what reads them. */
async function sumsOver(
  fixture: string,
  scores: Scores,
  givers: readonly string[],
  reader: string,
): Promise<Scores> {
  const arrays = await arraysOf(fixturePath(fixture));
  const entries = Object.entries(scores).map(([layer, { length }]) => {
    const rows = givers.map((name) => {
      const array = arrays.get(`${layer}.${name}.weight`)!;
      const perUnit = array.values.length / length;
      return memberBy(array, (index) => Math.floor(index / perUnit));
    });
    const read = arrays.get(`${layer}.${reader}.weight`)!;
    const columns = read.shape[1] ?? 1;
    const members = [
      ...rows,
      memberBy(read, (index) => Math.floor((index % columns) / (columns / length))),
    ];
    const options = { reduction: 'sum', normalizer: 'none' } as const;
    return [layer, [...groupImportance(members, length, options)]] as const;
  });
  return Object.fromEntries(entries);
}

/** Every weight as a channel of its own. */
function memberBy({ values }: FoundArray, unitOf: (index: number) => number) {
  return {
    importances: values.map(Math.abs),
    units: Int32Array.from(values, (_, index) => unitOf(index)),
  };
}

function asMember(importances: Float64Array) {
  return { importances, units: Int32Array.from(importances.keys()) };
}

interface GroupComparison {
  readonly fixture: string;
  readonly oracle: string;
  readonly scores: Scores;
  readonly kept: Indices;
}

/** Importances by group, and which are not the lowest. */
function groupComparisons(
  { fixture, oracle, scores, kept }: GroupComparison,
  found: () => Promise<Scores>,
): readonly CriterionCase[] {
  const common = { criterion: 'l1-norm', fixture, oracle };
  const groups = Object.keys(scores);
  return [
    {
      ...common,
      compared: 'importances of units over coupled layers',
      tolerance: DOUBLE,
      measure: async () => {
        const importances = await found();
        return worstOf(groups, (group) =>
          Promise.resolve(relativeDifference(importances[group]!, scores[group]!)),
        );
      },
    },
    {
      ...common,
      compared: 'which of these units stay',
      tolerance: EXACT,
      measure: async () => {
        const importances = await found();
        return countOther(
          groups.map((group) => [highest(importances[group]!, kept[group]!.length), kept[group]]),
        );
      },
    },
  ];
}

function highest(importances: readonly number[], count: number): readonly number[] {
  const order = importances
    .map((_, i) => i)
    .sort((a, b) => importances[a]! - importances[b]! || a - b);
  return order.slice(importances.length - count).sort((a, b) => a - b);
}
