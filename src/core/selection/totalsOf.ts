import { FormatError, UnsupportedError } from '../errors';
import { type MultiplyAccumulates, multiplyAccumulates } from '../graph/macs';
import { type Model, parameterCount } from '../model/model';
import type { Plan, PlanEntry } from '../report/plan';

/** The figures of a plan over all tensors that it prunes. */
export function totalsOf(model: Model, entries: readonly PlanEntry[]): Plan['totals'] {
  const elementCount = entries.reduce((sum, entry) => sum + entry.elementCount, 0);
  const zeros = entries.reduce((sum, entry) => sum + entry.zerosAfter, 0);
  const parameters = parameterCount(model);
  return {
    elementCount,
    zeros,
    sparsity: elementCount === 0 ? 0 : zeros / elementCount,
    parametersBefore: parameters,
    parametersAfter: parameters,
    ...macsOf(model, entries),
  };
}

/** Of one sample, those with a zero of a pruned tensor left out; nothing where the file does not tell. */
function macsOf(
  model: Model,
  entries: readonly PlanEntry[],
): Pick<Plan['totals'], 'macsBefore' | 'macsAfter'> {
  const macs = knownMacs(model);
  if (macs === null) return {};
  const { total, perWeight } = macs;
  const without = (zerosOf: (entry: PlanEntry) => number): number =>
    entries.reduce(
      (left, entry) => left - zerosOf(entry) * (perWeight.get(entry.tensor) ?? 0),
      total,
    );
  return {
    macsBefore: without(({ zerosBefore }) => zerosBefore),
    macsAfter: without(({ zerosAfter }) => zerosAfter),
  };
}

/** Null where they cannot be counted: the plan itself needs none. */
function knownMacs(model: Model): MultiplyAccumulates | null {
  try {
    return multiplyAccumulates(model);
  } catch (error) {
    if (error instanceof UnsupportedError || error instanceof FormatError) return null;
    throw error;
  }
}
