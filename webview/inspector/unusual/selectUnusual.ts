import type { EqualGroup, TensorFigures } from '../../../src/protocol/hostInspector';
import type { ModelView } from '../../../src/protocol/views';
import { memoizeLast } from '../../state/memoize';
import type { InspectorState } from '../state/inspectorState';
import {
  FINDING_KINDS,
  findUnusual,
  isWarning,
  type Finding,
  type FindingKind,
} from './findUnusual';

/** Findings of one kind. */
export interface FindingGroup {
  readonly kind: FindingKind;
  readonly findings: readonly Finding[];
}

/** With more tensors than this, what is unusual is looked for once, when all are read. */
const MOST_WHILE_READING = 2000;

/** What is unusual, by kind, those that matter most first; no kind without a finding. */
export function selectUnusual(state: InspectorState): readonly FindingGroup[] {
  if (state.model === null || isUnusualPending(state)) return [];
  return group(state.model, state.figures, state.equal);
}

/** Whether it is too early to tell what is unusual. */
export function isUnusualPending({ model, reading }: InspectorState): boolean {
  return reading.state === 'reading' && (model?.tensors.length ?? 0) > MOST_WHILE_READING;
}

/** For each unusual tensor whether something about it is likely a fault. */
export function selectFlags(state: InspectorState): ReadonlyMap<number, 'warning' | 'info'> {
  return flagsOf(selectUnusual(state));
}

const group = memoizeLast(
  (
    model: ModelView,
    figures: ReadonlyMap<number, TensorFigures>,
    equal: readonly EqualGroup[] | null,
  ): readonly FindingGroup[] => {
    const found = findUnusual(model, figures, equal);
    return FINDING_KINDS.map((kind) => ({
      kind,
      findings: found.filter((finding) => finding.kind === kind),
    })).filter(({ findings }) => findings.length > 0);
  },
);

const flagsOf = memoizeLast(
  (groups: readonly FindingGroup[]): ReadonlyMap<number, 'warning' | 'info'> => {
    const flags = new Map<number, 'warning' | 'info'>();
    for (const { kind, findings } of groups) {
      for (const { tensor } of findings) {
        if (flags.get(tensor) !== 'warning')
          flags.set(tensor, isWarning(kind) ? 'warning' : 'info');
      }
    }
    return flags;
  },
);
