import { FormatError, type Place } from '../../errors';
import type { Notice } from '../../model/model';
import type { GlobalVerdict } from '../../report/audit';
import { PickleVerdicts } from './classifyGlobals';
import type { PickleTrace } from './pickleMachine';

/** Names of a pickle that loading it in Python would import, and that no file of weights needs. */
export interface Suspects {
  readonly dangerous: readonly string[];
  readonly unknown: readonly string[];
}

export function suspectsOf(trace: PickleTrace): Suspects {
  const verdicts = new PickleVerdicts(trace);
  const names: Record<GlobalVerdict, Set<string>> = {
    'tensor-data': new Set(),
    container: new Set(),
    'module-class': new Set(),
    unknown: new Set(),
    dangerous: new Set(),
  };
  for (const found of trace.globals) {
    names[verdicts.ofGlobal(found)].add(`${found.module}.${found.name}`);
  }
  return { dangerous: [...names.dangerous], unknown: [...names.unknown] };
}

/** What the user should know of a file that is listed all the same. */
export function suspectNotices({ dangerous, unknown }: Suspects): readonly Notice[] {
  const notices: Notice[] = [];
  if (dangerous.length > 0) {
    const message = `loading this file in Python may run code: it names ${some(dangerous)}; here nothing of it runs`;
    notices.push({ code: 'untrusted-pickle', message });
  }
  if (unknown.length > 0) {
    const message = `loading this file in Python imports ${some(unknown)}, which is not known to be harmless; here nothing of it runs`;
    notices.push({ code: 'untrusted-pickle', message });
  }
  return notices;
}

/** @throws FormatError naming what the pickle would have run. */
export function assertNotDangerous({ dangerous }: Suspects, where: Place): void {
  if (dangerous.length === 0) return;
  throw new FormatError({
    ...where,
    found: `a pickle that would run ${some(dangerous)} in Python; nothing was run here`,
    allowed: 'tensors, numbers, text and plain containers',
  });
}

const SHOWN_NAMES = 8;

function some(names: readonly string[]): string {
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  return names.slice(0, SHOWN_NAMES).map(printable).join(', ') + more;
}

/** Names come from the file: only what can be shown is. */
function printable(name: string): string {
  const text = name.replace(/[^\x20-\x7e]/g, '·');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
