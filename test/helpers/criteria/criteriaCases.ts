import type { CriterionCase } from './criterionCase';
import { weightCases } from './weightCases';

/** Every number, count, mask, index and importance that test/fixtures/oracles/pruning tells. */
export async function criteriaCases(): Promise<readonly CriterionCase[]> {
  return weightCases();
}
