/** Units of several layers that are ranked together. */
export interface RankedUnits {
  /** For each layer, ascending: the units that go. */
  readonly taken: readonly (readonly number[])[];
  /** The largest score that goes; null where none does. */
  readonly threshold: number | null;
}

/** How many units go: a number of all, or those with a score of at most a threshold. */
export type UnitTarget =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'threshold'; readonly threshold: number };

/**
 * The units that go: the lowest by (score, layer, index). A layer keeps its best unit, whatever the target;
 * where units are counted, those of other layers go in its stead. Scores that are not a number never go.
 * Cost: sorts all units.
 * @param scores for each layer, one a unit
 */
export function rankUnits(scores: readonly Float64Array[], target: UnitTarget): RankedUnits {
  const taken = scores.map((): number[] => []);
  const left = scores.map(({ length }) => length);
  let wanted = target.kind === 'count' ? target.count : Infinity;
  let threshold: number | null = null;
  for (const { score, layer, unit } of ascending(scores)) {
    if (wanted <= 0 || (target.kind === 'threshold' && score > target.threshold)) break;
    const kept = left[layer] ?? 0;
    if (kept <= 1) continue;
    left[layer] = kept - 1;
    taken[layer]?.push(unit);
    threshold = score;
    wanted--;
  }
  return { taken: taken.map((units) => units.sort((a, b) => a - b)), threshold };
}

interface ScoredUnit {
  readonly score: number;
  readonly layer: number;
  readonly unit: number;
}

function ascending(scores: readonly Float64Array[]): ScoredUnit[] {
  const all: ScoredUnit[] = [];
  for (const [layer, ofLayer] of scores.entries()) {
    for (const [unit, score] of ofLayer.entries()) {
      if (Number.isFinite(score)) all.push({ score, layer, unit });
    }
  }
  return all.sort((a, b) => a.score - b.score || a.layer - b.layer || a.unit - b.unit);
}
