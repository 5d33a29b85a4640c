import { startTfjs } from '../../src/engines/tfjs/startTfjs';
import { OPERATOR_KINDS } from './conformanceCases';
import { measureConformance } from './measureConformance';
import { renderOperatorTable } from './operatorTable';

/**
 * Measures all operators and writes them as a table, for scripts/describeOperators.mjs.
 * @throws Error naming the cases beyond the bounds.
 */
export async function describeOperators(
  formatsOf: (kind: string) => readonly string[],
): Promise<{ readonly engine: string; readonly table: string }> {
  const engine = await startTfjs();
  const measured = OPERATOR_KINDS.map(measureConformance);
  const failures = measured.flatMap((one) => one.failures);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
  return { engine, table: renderOperatorTable(measured, formatsOf) };
}
