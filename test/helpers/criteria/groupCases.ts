import { groupImportance, type GroupMember } from '../../../src/core/criteria/groupImportance';
import { fixturePath, readOracle } from '../fixtures';
import { arraysOf, type FoundArray } from './commands';
import {
  countOther,
  type CriterionCase,
  DOUBLE,
  EXACT,
  relativeDifference,
  worstOf,
} from './criterionCase';

type Arrays = ReadonlyMap<string, FoundArray>;

/** Units that Torch-Pruning removes together. */
interface Group {
  readonly root: string;
  readonly pruned_root_indices: readonly number[];
  readonly members: readonly (readonly [layer: string, side: 'in' | 'out'])[];
  readonly importance: readonly number[];
  readonly tie_at_threshold: boolean;
}

interface GroupOracle {
  readonly settings: { readonly importance: string };
  readonly groups: readonly Group[];
  readonly shapes_before?: Readonly<Record<string, { readonly groups?: number }>>;
}

const MODELS: Readonly<Record<string, string>> = {
  digits_mlp: 'pytorch/digits_mlp_state.pt',
  lenet5: 'pytorch/lenet5_state.pth',
  resnet: 'pytorch/resnet_state.pt',
  mobilenet: 'pytorch/mobilenet_state.pt',
  densenet: 'pytorch/densenet_state.pt',
};

/** Importances of units that are coupled over several layers, and which of them are the lowest. */
export async function groupCases(): Promise<readonly CriterionCase[]> {
  const cases: CriterionCase[] = [];
  for (const [oracle, fixture] of Object.entries(MODELS)) {
    const { torch_pruning: settings } = (await readOracle(`pruning/${oracle}`)) as {
      torch_pruning: Readonly<Record<string, GroupOracle>>;
    };
    // Rounding to multiples of 8 leaves small groups out, which take their places in concatenations all the same.
    const all = Object.values(settings).reduce<readonly Group[]>(
      (most, { groups }) => (groups.length > most.length ? groups : most),
      [],
    );
    for (const [name, given] of Object.entries(settings)) {
      cases.push(...casesOf({ oracle, fixture, name, all }, given));
    }
  }
  return cases;
}

interface GroupModel {
  readonly oracle: string;
  readonly fixture: string;
  /** Of the settings. */
  readonly name: string;
  /** Every group of the network. */
  readonly all: readonly Group[];
}

function casesOf(
  { oracle, fixture, name, all }: GroupModel,
  given: GroupOracle,
): readonly CriterionCase[] {
  const power = given.settings.importance.includes('p=2') ? 2 : 1;
  const gammasOnly = given.settings.importance.startsWith('BNScale');
  const depthwise = new Set(
    Object.entries(given.shapes_before ?? {}).flatMap(([layer, { groups = 1 }]) =>
      groups > 1 ? [layer] : [],
    ),
  );
  const criterion = gammasOnly ? 'bn-scale' : `l${power}-norm`;
  const found = async (): Promise<readonly Float64Array[]> => {
    const arrays = await arraysOf(fixturePath(fixture));
    return given.groups.map((group) =>
      importanceOf(group, all, { arrays, power, gammasOnly, depthwise }),
    );
  };
  const common = { criterion, fixture, oracle: `${oracle} ${name}` };
  return [
    {
      ...common,
      compared: `importances of ${given.groups.length} groups of coupled layers`,
      // Torch-Pruning adds in single precision.
      tolerance: DOUBLE,
      measure: async () => {
        const importances = await found();
        return worstOf(given.groups.entries(), ([i, { importance }]) =>
          Promise.resolve(relativeDifference(importances[i]!, importance)),
        );
      },
    },
    {
      ...common,
      compared: 'which units are the lowest of their groups',
      tolerance: EXACT,
      measure: async () => {
        const importances = await found();
        return countOther(
          given.groups.map((group, i) => [
            lowest(importances[i]!, group.pruned_root_indices.length),
            [...group.pruned_root_indices].sort((a, b) => a - b),
          ]),
        );
      },
    },
  ];
}

function lowest(importances: Float64Array, count: number): readonly number[] {
  const order = Array.from(importances.keys()).sort(
    (a, b) => importances[a]! - importances[b]! || a - b,
  );
  return order.slice(0, count).sort((a, b) => a - b);
}

interface GroupTerms {
  readonly arrays: Arrays;
  readonly power: number;
  readonly gammasOnly: boolean;
  /** Layers whose weights Torch-Pruning does not count. */
  readonly depthwise: ReadonlySet<string>;
}

function importanceOf(group: Group, groups: readonly Group[], terms: GroupTerms): Float64Array {
  const count = group.importance.length;
  const members = group.members.flatMap(([layer, side]): GroupMember[] => {
    const weight = terms.arrays.get(`${layer}.weight`);
    if (weight === undefined) throw new Error(`no weight of ${layer}`);
    if (terms.gammasOnly && weight.shape.length !== 1) return [];
    if (terms.depthwise.has(layer)) return [];
    const all = channelSums(weight, side, terms.power);
    return [memberOf(all, { group, groups, member: [layer, side] }, terms.arrays)];
  });
  return groupImportance(members, count, { reduction: 'mean', normalizer: 'mean' });
}

/** Sums of |w|^p over what each channel gives (first axis) or reads (second). */
function channelSums(
  { shape, values }: FoundArray,
  side: 'in' | 'out',
  power: number,
): Float64Array {
  const [outputs = 0, inputs = 1] = shape;
  const inner = values.length / (outputs * inputs);
  const sums = new Float64Array(side === 'out' ? outputs : inputs);
  values.forEach((value, i) => {
    const channel =
      side === 'out' ? Math.floor(i / (inputs * inner)) : Math.floor(i / inner) % inputs;
    sums[channel]! += Math.abs(value) ** power;
  });
  return sums;
}

/**
 * The channels of a member that belong to the group: those of one group lie behind those of the groups before it
 * that share the member, in the order in which the network concatenates them, which is the file's; where it is the
 * only one, several channels in a row may belong to one unit, as behind a flattening.
 */
function memberOf(
  all: Float64Array,
  {
    group,
    groups,
    member,
  }: { group: Group; groups: readonly Group[]; member: Group['members'][number] },
  arrays: Arrays,
): GroupMember {
  const names = [...arrays.keys()];
  const sharing = groups
    .filter(({ members }) => members.some((one) => one.join() === member.join()))
    .sort((a, b) => names.indexOf(`${a.root}.weight`) - names.indexOf(`${b.root}.weight`));
  const count = group.importance.length;
  if (sharing.length === 1) {
    const perUnit = all.length / count;
    return { importances: all, units: Int32Array.from(all, (_, i) => Math.floor(i / perUnit)) };
  }
  const before = sharing.slice(
    0,
    sharing.findIndex(({ root }) => root === group.root),
  );
  const start = before.reduce((sum, { importance }) => sum + importance.length, 0);
  const own = all.slice(start, start + count);
  return { importances: own, units: Int32Array.from(own.keys()) };
}
