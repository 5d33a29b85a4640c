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
  readonly nm24?: Readonly<Record<string, Readonly<Record<string, PrunedLayerOracle>>>>;
}

interface LampOracle {
  readonly layers: Readonly<Record<string, LampFigures>>;
  readonly levels: Readonly<
    Record<string, { readonly per_layer: Readonly<Record<string, PrunedLayerOracle>> }>
  >;
}

interface LampFigures {
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly first8: readonly number[];
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

/** Layers of an oracle and of a plan stand in the same order, so that names need no table. */
async function countOtherLayers(
  { fixture, transposed }: WeightOracle,
  fields: object,
  expected: Readonly<Record<string, PrunedLayerOracle>>,
): Promise<number> {
  const { entries } = await planOf(fixture, fields);
  const arrays = await cutArrays(fixture, entries);
  const layers = Object.values(expected);
  return countOther([
    [entries.length, layers.length],
    ...layers.flatMap((layer, i): [unknown, unknown][] => [
      [entries[i]?.elementCount, layer.size],
      [entries[i]?.zerosAfter, layer.pruned],
      ...(layer.tie_at_threshold
        ? []
        : [[digestOf(arrays[i], transposed), layer.mask_sha256] as [unknown, unknown]]),
    ]),
  ]);
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
    compared: `counts and masks at ${Object.keys(levels).length} levels`,
    tolerance: EXACT,
    measure: () =>
      sumOf(Object.entries(levels), ([level, { per_layer: layers }]) => {
        const [, scope, percent] = /^(global|per_layer)_(\d+)$/.exec(level)!;
        const fields = {
          scope: scope === 'global' ? 'global' : 'layer',
          sparsity: Number(percent) / 100,
        };
        return countOtherLayers(given, fields, layers);
      }),
  };
}

function lampCases(given: WeightOracle): readonly CriterionCase[] {
  const { lamp } = given.contents;
  if (lamp === undefined) return [];
  const { fixture, oracle } = given;
  return [
    {
      criterion: 'lamp',
      fixture,
      oracle,
      compared: 'scores: sum, smallest, largest, first eight of each layer',
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
        sumOf(Object.entries(lamp.levels), ([percent, { per_layer: layers }]) =>
          countOtherLayers(given, { criterion: 'lamp', sparsity: Number(percent) / 100 }, layers),
        ),
    },
  ];
}

async function lampScoreDifference(given: WeightOracle, lamp: LampOracle): Promise<number> {
  const found = [...(await scoresOf(given.fixture, { criterion: 'lamp' })).values()];
  const layers = Object.values(lamp.layers);
  if (found.length !== layers.length) return Infinity;
  return worstOf(layers.entries(), ([i, { sum, min, max, first8 }]) => {
    const { values } = given.transposed ? transposedArray(found[i]!) : found[i]!;
    const figures = [
      values.reduce((total, value) => total + value, 0),
      Math.min(...values),
      Math.max(...values),
      ...values.slice(0, 8),
    ];
    return Promise.resolve(relativeDifference(figures, [sum, min, max, ...first8]));
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
  const { fixture, oracle, transposed } = given;
  const names = Object.keys(levelsOf(given.contents)['global_50']?.per_layer ?? {});
  const wanted = names.map((name) => nm24[name]?.['conv_in_channels'] ?? nm24[name]?.['rows_flat']);
  const byChannels = names.map((name) => nm24[name]?.['conv_in_channels'] !== undefined);
  return [
    {
      criterion: '2:4',
      fixture,
      oracle,
      compared: 'counts and masks',
      tolerance: EXACT,
      measure: async () => {
        const { entries } = await planOf(fixture, { granularity: '2:4' });
        const arrays = await cutArrays(fixture, entries);
        return countOther([
          [entries.length, wanted.length],
          ...wanted.flatMap((layer, i): [unknown, unknown][] => {
            const isMatrix = arrays[i]?.shape.length === 2;
            if (layer === undefined || (!isMatrix && byChannels[i] !== true)) return [];
            return [
              [entries[i]?.zerosAfter, layer.pruned],
              [digestOf(arrays[i], transposed), layer.mask_sha256],
            ];
          }),
        ]);
      },
    },
  ];
}
