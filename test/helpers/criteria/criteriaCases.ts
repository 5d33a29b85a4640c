import { activationCases } from './activationCases';
import { groupCases } from './groupCases';
import { networkCases } from './networkCases';
import { reconstructionCases } from './reconstructionCases';
import type { CriterionCase } from './criterionCase';
import { derivativeCases } from './derivativeCases';
import { surgeonCases } from './surgeonCases';
import { unitCases } from './unitCases';
import { weightCases } from './weightCases';

export { LEFT_OUT } from './leftOut';
export { unreadFigures, watchOracles } from './oracleReads';

/** Every number, count, mask, index and importance that test/fixtures/oracles/pruning tells. */
export async function criteriaCases(): Promise<readonly CriterionCase[]> {
  return [
    ...(await weightCases()),
    ...derivativeCases(),
    ...activationCases(),
    ...(await groupCases()),
    ...(await unitCases()),
    ...networkCases(),
    ...reconstructionCases(),
    ...surgeonCases(),
  ];
}
