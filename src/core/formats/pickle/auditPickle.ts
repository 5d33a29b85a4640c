import { FormatError, type Place } from '../../errors';
import type { ByteSource } from '../../io';
import { MAX_AUDITED_CALLS, MAX_UNFOLDED_VALUES } from '../../limits';
import type { AuditedCall, AuditedGlobal, AuditedPickle, GlobalVerdict } from '../../report/audit';
import { PickleVerdicts, worse } from './classifyGlobals';
import { describeCall, describeValue } from './describeValue';
import { emptyTrace, type PickleTrace } from './pickleMachine';
import { readPickle } from './readPickle';
import { unfoldedCount } from './unfoldedCount';

/** A pickle that was looked through, and where what follows it begins. */
export interface PickleAudit {
  readonly pickle: AuditedPickle;
  readonly worst: GlobalVerdict;
  /** null where the pickle breaks off. */
  readonly endOffset: number | null;
}

/**
 * What one pickle would import and call in Python, up to its end or to where it breaks.
 * @throws IoError when reading fails.
 */
export async function auditPickle(
  source: ByteSource,
  byteOffset: number,
  place: string,
): Promise<PickleAudit> {
  const trace = emptyTrace();
  try {
    const where: Place = { format: 'pickle', place };
    const { endOffset, value } = await readPickle(source, byteOffset, where, trace);
    const { pickle, worst } = reportOf(trace, place, null);
    const unfoldsTo = unfoldedCount(value);
    const isBomb = unfoldsTo > MAX_UNFOLDED_VALUES;
    return { pickle: isBomb ? { ...pickle, unfoldsTo } : pickle, worst, endOffset };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { found, byteOffset: at } = error.detail;
    const broken = at === undefined ? found : `${found} at byte ${at}`;
    return { ...reportOf(trace, place, broken), endOffset: null };
  }
}

function reportOf(
  trace: PickleTrace,
  place: string,
  broken: string | null,
): Omit<PickleAudit, 'endOffset'> {
  const verdicts = new PickleVerdicts(trace);
  const globals = auditGlobals(trace, verdicts);
  const { calls, worst: worstCall } = auditCalls(trace, verdicts);
  const worst = globals.reduce((sum, { verdict }) => worse(sum, verdict), worstCall);
  const callCount = trace.calls.length + trace.foreignStates.length;
  const pickle = { place, protocol: trace.protocol, globals, calls, callCount };
  return { pickle: broken === null ? pickle : { ...pickle, broken }, worst };
}

/** Each name once, with the worst of its verdicts. */
function auditGlobals(trace: PickleTrace, verdicts: PickleVerdicts): readonly AuditedGlobal[] {
  const byName = new Map<string, AuditedGlobal>();
  for (const found of trace.globals) {
    const { module, name, byteOffset } = found;
    const verdict = verdicts.ofGlobal(found);
    const key = JSON.stringify([module, name]);
    const known = byName.get(key);
    if (known === undefined) byName.set(key, { module, name, byteOffset, verdict });
    else byName.set(key, { ...known, verdict: worse(known.verdict, verdict) });
  }
  return [...byName.values()];
}

/** Beyond this many even bad calls are only counted: the file is judged already. */
const MAX_BAD_CALLS = 10 * MAX_AUDITED_CALLS;

function auditCalls(
  trace: PickleTrace,
  verdicts: PickleVerdicts,
): { readonly calls: readonly AuditedCall[]; readonly worst: GlobalVerdict } {
  const calls: AuditedCall[] = [];
  let worst: GlobalVerdict = 'tensor-data';
  let badCount = 0;
  for (const call of trace.calls) {
    const verdict = verdicts.ofCall(call);
    worst = worse(worst, verdict);
    const isBad = verdict === 'unknown' || verdict === 'dangerous';
    if (isBad ? ++badCount > MAX_BAD_CALLS : calls.length - badCount >= MAX_AUDITED_CALLS) continue;
    calls.push({ whatRuns: describeCall(call), byteOffset: call.byteOffset, verdict });
  }
  for (const { target, byteOffset } of trace.foreignStates.slice(0, MAX_AUDITED_CALLS)) {
    worst = worse(worst, 'dangerous');
    const whatRuns = `setting attributes of ${describeValue(target, 2)}`;
    calls.push({ whatRuns, byteOffset, verdict: 'dangerous' });
  }
  return { calls, worst };
}
