import { readdir } from 'node:fs/promises';
import { fixturePath, readOracle } from '../fixtures';
import { levelsOf, type PrunedLayerOracle } from '../pruningOracle';
import { NORMS, type StructuredUnits } from '../structuredOracle';
import {
  cutArrays,
  type FoundArray,
  keptDigest,
  planOf,
  scoresOf,
  transposedArray,
} from './commands';
import {
  countOther,
  type CriterionCase,
  DOUBLE,
  EXACT,
  relativeDifference,
  sumOf,
  worstOf,
} from './criterionCase';

/** An oracle with the file it tells of. */
interface WeightOracle {
  readonly oracle: string;
  readonly fixture: string;
  /** The oracle holds [out, in] where the file holds [in, out]. */
  readonly transposed: boolean;
  readonly contents: OracleContents;
}

interface OracleContents {
  readonly model: string;
  readonly lamp?: LampOracle;
  readonly structured?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly nm24?: Readonly<Record<string, Readonly<Record<string, GroupedLayer>>>>;
}

interface GroupedLayer extends PrunedLayerOracle {
  /** Sum of the magnitudes that stay. */
  readonly kept_l1: number;
}

interface LampOracle {
  readonly layers: Readonly<Record<string, LampFigures>>;
  readonly levels: Readonly<Record<string, LevelMasks>>;
}

interface LampFigures {
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly first8: readonly number[];
  /** All, [out][in], of small layers. */
  readonly scores?: readonly (readonly number[])[];
}

/** Of LAMP without the thresholds. */
interface LevelMasks {
  readonly per_layer: Readonly<Record<string, PrunedLayerOracle>>;
  readonly total: PrunedLayerOracle;
}

/** Criteria by the weights alone, N:M and magnitude at all levels: every oracle that tells of them. */
export async function weightCases(): Promise<readonly CriterionCase[]> {
  const oracles = await weightOracles();
  return [
    ...oracles.map(magnitudeCase),
    ...oracles.flatMap(lampCases),
    ...oracles.flatMap(structuredCases),
    ...oracles.flatMap(nmCases),
  ];
}

async function weightOracles(): Promise<readonly WeightOracle[]> {
  const files = await readdir(fixturePath('oracles/pruning'));
  const names = files.filter(
    (name) => name.endsWith('.json') && !name.startsWith('keras_structured'),
  );
  const oracles: WeightOracle[] = [];
  for (const oracle of names.map((name) => name.replace(/\.json$/, '')).sort()) {
    const contents = (await readOracle(`pruning/${oracle}`)) as OracleContents;
    const [fixture = ''] = contents.model.split(' ');
    oracles.push({ oracle, fixture, contents, transposed: fixture.startsWith('numpy/') });
  }
  return oracles;
}

/**
 * Layers of an oracle and of a plan stand in the same order, so that names need no table; the masks of all, one after
 * the other, are the total's.
 */
async function countOtherLayers(
  { fixture, transposed }: WeightOracle,
  fields: object,
  { per_layer: expected, total }: LevelMasks,
): Promise<number> {
  const { entries, totals, globalThreshold } = await planOf(fixture, fields);
  const arrays = (await cutArrays(fixture, entries)).map((array) =>
    transposed ? transposedArray(array) : array,
  );
  const all = Float64Array.from(arrays.flatMap(({ values }) => Array.from(values)));
  const layers = Object.values(expected);
  return countOther([
    [entries.length, layers.length],
    [totals.elementCount, total.size],
    [totals.zeros, total.pruned],
    ...maskPairs({ shape: [all.length], values: all }, total),
    [globalThreshold === null || holdsThreshold(globalThreshold, total), true],
    ...layers.flatMap((layer, i): [unknown, unknown][] => [
      [entries[i]?.elementCount, layer.size],
      [entries[i]?.zerosAfter, layer.pruned],
      [holdsThreshold(entries[i]?.cut.threshold ?? null, layer), true],
      ...maskPairs(arrays[i], layer),
    ]),
  ]);
}

function maskPairs(
  array: FoundArray | undefined,
  { tie_at_threshold: isTied, mask_sha256: digest }: PrunedLayerOracle,
): [unknown, unknown][] {
  return isTied ? [] : [[digestOf(array, false), digest]];
}

/** From the largest magnitude that goes to the smallest that stays, where there are such, and the oracle tells of them. */
function holdsThreshold(threshold: number | null, layer: PrunedLayerOracle): boolean {
  if (!('max_pruned' in layer)) return true;
  const { max_pruned: low, min_kept: high } = layer;
  if (threshold === null) return low === null;
  return (low ?? threshold) <= threshold && threshold <= (high ?? threshold);
}

function digestOf(array: FoundArray | undefined, transposed: boolean): string | null {
  if (array === undefined) return null;
  return keptDigest(transposed ? transposedArray(array) : array);
}

function magnitudeCase(given: WeightOracle): CriterionCase {
  const levels = levelsOf(given.contents);
  return {
    criterion: 'magnitude',
    fixture: given.fixture,
    oracle: given.oracle,
    compared: `counts, masks and thresholds at ${Object.keys(levels).length} levels`,
    tolerance: EXACT,
    measure: () =>
      sumOf(Object.entries(levels), ([level, masks]) => {
        const [, scope, percent] = /^(global|per_layer)_(\d+)$/.exec(level)!;
        const fields = {
          scope: scope === 'global' ? 'global' : 'layer',
          sparsity: Number(percent) / 100,
        };
        return countOtherLayers(given, fields, masks);
      }),
  };
}

function lampCases(given: WeightOracle): readonly CriterionCase[] {
  const { lamp } = given.contents;
  if (lamp === undefined) return [];
  const { fixture, oracle } = given;
  const hasAll = Object.values(lamp.layers).every(({ scores }) => scores !== undefined);
  return [
    {
      criterion: 'lamp',
      fixture,
      oracle,
      compared: hasAll
        ? 'scores of all weights'
        : 'scores: sum, smallest, largest, first eight of each layer',
      tolerance: DOUBLE,
      measure: () => lampScoreDifference(given, lamp),
    },
    {
      criterion: 'lamp',
      fixture,
      oracle,
      compared: `counts and masks at ${Object.keys(lamp.levels).length} levels`,
      tolerance: EXACT,
      measure: () =>
        sumOf(Object.entries(lamp.levels), ([percent, masks]) =>
          countOtherLayers(given, { criterion: 'lamp', sparsity: Number(percent) / 100 }, masks),
        ),
    },
  ];
}

async function lampScoreDifference(given: WeightOracle, lamp: LampOracle): Promise<number> {
  const found = [...(await scoresOf(given.fixture, { criterion: 'lamp' })).values()];
  const layers = Object.values(lamp.layers);
  if (found.length !== layers.length) return Infinity;
  return worstOf(layers.entries(), ([i, { sum, min, max, first8, scores = [] }]) => {
    const { values } = given.transposed ? transposedArray(found[i]!) : found[i]!;
    const figures = [
      values.reduce((total, value) => total + value, 0),
      Math.min(...values),
      Math.max(...values),
      ...values.slice(0, 8),
    ];
    const all = scores.flat();
    return Promise.resolve(
      Math.max(
        relativeDifference(figures, [sum, min, max, ...first8]),
        relativeDifference(values.slice(0, all.length), all),
      ),
    );
  });
}

/** Layers by the oracle's names, in the order of the file's. */
function structuredCases(given: WeightOracle): readonly CriterionCase[] {
  const { structured } = given.contents;
  if (structured === undefined) return [];
  const { fixture, oracle } = given;
  const layers = Object.entries(structured).filter(([, ofLayer]) => typeof ofLayer !== 'string');
  const cases = (['L1', 'L2'] as const).flatMap((norm) =>
    ([0, 1] as const).flatMap((dim): CriterionCase[] => {
      const key = `dim${dim}_${norm}`;
      const granularity = dim === 0 ? 'unit' : 'unit:input';
      const { criterion } = NORMS[norm];
      const wanted = layers.map(
        ([, ofLayer]) => (ofLayer[key] as StructuredUnits | undefined) ?? null,
      );
      if (wanted.every((units) => units === null)) return [];
      const side = dim === 0 ? 'output units' : 'input channels';
      return [
        {
          criterion,
          fixture,
          oracle,
          compared: `norms of ${side}`,
          tolerance: DOUBLE,
          measure: () =>
            unitDifference(
              fixture,
              { criterion, granularity },
              wanted.map((units) => units?.norms ?? null),
            ),
        },
        {
          criterion,
          fixture,
          oracle,
          compared: `which ${side} go at 25 % and 50 %`,
          tolerance: EXACT,
          measure: () =>
            sumOf(['0.25', '0.5'], (share) =>
              countOtherUnits(
                fixture,
                { criterion, granularity, scope: 'layer', sparsity: Number(share) },
                wanted.map((units) => units?.pruned[share]?.indices ?? null),
              ),
            ),
        },
      ];
    }),
  );
  const medians = layers.map(
    ([, ofLayer]) => (ofLayer['fpgm_dim0'] as number[] | undefined) ?? null,
  );
  if (medians.every((one) => one === null)) return cases;
  return [
    ...cases,
    {
      criterion: 'fpgm',
      fixture,
      oracle,
      compared: 'scores of filters',
      tolerance: DOUBLE,
      measure: () => unitDifference(fixture, { criterion: 'fpgm' }, medians),
    },
  ];
}

/** Of the layers that the oracle tells of; null stands for one that it leaves out. */
async function unitDifference(
  fixture: string,
  fields: object,
  expected: readonly (readonly number[] | null)[],
): Promise<number> {
  const found = [...(await scoresOf(fixture, fields)).values()];
  if (found.length !== expected.length) return Infinity;
  return worstOf(expected.entries(), ([i, wanted]) =>
    Promise.resolve(wanted === null ? 0 : relativeDifference(found[i]!.values, wanted)),
  );
}

async function countOtherUnits(
  fixture: string,
  fields: object,
  expected: readonly (readonly number[] | null)[],
): Promise<number> {
  const { entries } = await planOf(fixture, fields);
  return countOther([
    [entries.length, expected.length],
    ...expected.map((wanted, i): [unknown, unknown] =>
      wanted === null
        ? [0, 0]
        : [
            [...(entries[i]?.cut.zeroedUnits ?? [])].sort((a, b) => a - b),
            [...wanted].sort((a, b) => a - b),
          ],
    ),
  ]);
}

/** Convolutions by their input channels, matrices by rows; a layer that the oracle leaves out stays dense. */
function nmCases(given: WeightOracle): readonly CriterionCase[] {
  const { nm24 } = given.contents;
  if (nm24 === undefined) return [];
  const common = { criterion: '2:4', fixture: given.fixture, oracle: given.oracle };
  return [
    {
      ...common,
      compared: 'counts and masks',
      tolerance: EXACT,
      measure: async () => {
        const { entryCount, layers } = await groupedLayers(given);
        return countOther([
          [entryCount, layers.length],
          ...layers.flatMap(({ expected, entry, array }): [unknown, unknown][] =>
            expected === undefined
              ? [[entry?.zerosAfter, entry?.zerosBefore]]
              : [
                  [entry?.elementCount, expected.size],
                  [entry?.zerosAfter, expected.pruned],
                  [digestOf(array, given.transposed), expected.mask_sha256],
                ],
          ),
        ]);
      },
    },
    {
      ...common,
      compared: 'L1 norms of what stays',
      tolerance: DOUBLE,
      measure: async () => {
        const { layers } = await groupedLayers(given);
        const told = layers.filter(({ expected }) => expected !== undefined);
        const norms = told.map(({ array }) =>
          array!.values.reduce((sum, value) => sum + Math.abs(value), 0),
        );
        return relativeDifference(
          norms,
          told.map(({ expected }) => expected!.kept_l1),
        );
      },
    },
  ];
}

/** The layers of a plan of 2:4 groups, each with what the oracle has of it. */
async function groupedLayers(given: WeightOracle) {
  const nm24 = given.contents.nm24 ?? {};
  const { entries } = await planOf(given.fixture, { granularity: '2:4' });
  const arrays = await cutArrays(given.fixture, entries);
  const names = Object.keys(levelsOf(given.contents)['global_50']?.per_layer ?? {});
  const layers = names.map((name, i) => {
    const groupings = nm24[name];
    const isMatrix = arrays[i]?.shape.length === 2;
    return {
      entry: entries[i],
      array: arrays[i],
      expected: groupings?.[isMatrix ? 'rows_flat' : 'conv_in_channels'],
    };
  });
  return { entryCount: entries.length, layers };
}
