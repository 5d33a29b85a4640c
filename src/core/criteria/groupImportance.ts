/** What one coupled layer says of the units of a group. */
export interface GroupMember {
  /**
   * One a channel of the member: of a weight the sum of |w|^p over what the channel gives or reads, of a normalization
   * |gamma|^p.
   */
  readonly importances: Float64Array;
  /** The unit of the group that each channel belongs to; several where a flattening spreads it. */
  readonly units: Int32Array;
}

/** How the members' words become one. */
export interface GroupImportanceOptions {
  /** Over the members: `mean` divides by their number. */
  readonly reduction: 'sum' | 'mean';
  /** `mean`: importances are divided by their mean over the units, so that groups compare. */
  readonly normalizer: 'none' | 'mean';
}

/**
 * Importances of units that go together, over all layers that are coupled by them (what gives them, what
 * normalizes them, what reads them): each member's channels add to their units, then over the members.
 * By the weights alone. Cost: linear in the channels.
 * Source: Fang et al., DepGraph: towards any structural pruning, 2023 (group importance with p = 1 or 2); of members
 * that are gammas alone, Liu et al., Learning efficient convolutional networks through network slimming, 2017.
 */
export function groupImportance(
  members: readonly GroupMember[],
  unitCount: number,
  { reduction, normalizer }: GroupImportanceOptions,
): Float64Array {
  const sums = new Float64Array(unitCount);
  for (const { importances, units } of members) {
    importances.forEach((importance, channel) => {
      const unit = units[channel] ?? 0;
      sums[unit] = (sums[unit] ?? 0) + importance;
    });
  }
  const reduced = reduction === 'mean' ? sums.map((sum) => sum / members.length) : sums;
  if (normalizer === 'none') return reduced;
  const mean = reduced.reduce((sum, one) => sum + one, 0) / unitCount;
  return reduced.map((one) => one / mean);
}
