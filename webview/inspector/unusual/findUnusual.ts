import type { EqualGroup, TensorFigures } from '../../../src/protocol/hostInspector';
import type { ModelView, StoredTensorView } from '../../../src/protocol/views';
import { freshKindOf, type FreshKind, type MeasuredTensor } from './freshInitializer';

/** Something about one tensor that a person should look at. */
export type Finding =
  | { readonly kind: 'nonFinite'; readonly tensor: number; readonly count: number }
  | {
      readonly kind: 'deadUnits';
      readonly tensor: number;
      readonly zero: number;
      readonly constant: number;
      readonly unitCount: number;
    }
  | { readonly kind: 'constant'; readonly tensor: number; readonly value: number }
  | { readonly kind: 'copy'; readonly tensor: number; readonly of: number }
  | { readonly kind: 'shared'; readonly tensor: number; readonly of: number }
  | { readonly kind: 'fresh'; readonly tensor: number; readonly how: FreshKind };

export type FindingKind = Finding['kind'];

/** The kinds in the order in which they matter. */
export const FINDING_KINDS: readonly FindingKind[] = [
  'nonFinite',
  'deadUnits',
  'constant',
  'copy',
  'shared',
  'fresh',
];

/** Whether a kind is likely a fault; the others are worth knowing. */
export function isWarning(kind: FindingKind): boolean {
  return kind === 'nonFinite' || kind === 'deadUnits';
}

/** What is unusual about the tensors of a model, as far as they have been measured. */
export function findUnusual(
  model: ModelView,
  figures: ReadonlyMap<number, TensorFigures>,
  equal: readonly EqualGroup[] | null,
): readonly Finding[] {
  const fresh = findFresh(model, figures);
  const isFresh = new Set(fresh.map(({ tensor }) => tensor));
  const own = [...figures.values()].sort((a, b) => a.tensor - b.tensor);
  return [
    ...own.flatMap((known) => {
      const tensor = model.tensors[known.tensor];
      return tensor === undefined ? [] : findingsOf(tensor, known, isFresh.has(known.tensor));
    }),
    ...findEqual(equal ?? []),
    ...fresh,
  ];
}

function findingsOf(
  { elementCount, role }: StoredTensorView,
  { tensor, nonFinite, min, max, constantUnits }: TensorFigures,
  isFresh: boolean,
): Finding[] {
  const findings: Finding[] = [];
  if (nonFinite > 0) findings.push({ kind: 'nonFinite', tensor, count: nonFinite });
  const isConstant = min !== null && min === max && nonFinite === 0;
  if (isConstant && elementCount > 1 && role === 'parameter' && !isFresh) {
    findings.push({ kind: 'constant', tensor, value: min });
  } else if (constantUnits !== null && constantUnits.constant > 0 && !isConstant) {
    const { zero, constant, unitCount } = constantUnits;
    findings.push({ kind: 'deadUnits', tensor, zero, constant, unitCount });
  }
  return findings;
}

function findEqual(groups: readonly EqualGroup[]): Finding[] {
  return groups.flatMap(({ tensors: [of, ...others], shared }) =>
    of === undefined
      ? []
      : others.map((tensor): Finding => ({ kind: shared ? 'shared' : 'copy', tensor, of })),
  );
}

function findFresh(
  { tensors, layers }: ModelView,
  figures: ReadonlyMap<number, TensorFigures>,
): (Finding & { readonly kind: 'fresh' })[] {
  const measured = new Map<string, MeasuredTensor>();
  const indices = new Map<string, number>();
  tensors.forEach((tensor, index) => {
    const known = figures.get(index);
    indices.set(tensor.name, index);
    if (known !== undefined) measured.set(tensor.name, { tensor, figures: known });
  });
  return layers.flatMap((layer) => {
    const how = freshKindOf(layer, measured);
    const tensor = indices.get(layer.tensors[0] ?? '');
    return how === null || tensor === undefined ? [] : [{ kind: 'fresh' as const, tensor, how }];
  });
}
