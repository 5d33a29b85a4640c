import type { AuditVerdict, GlobalVerdict } from '../../report/audit';
import { DANGEROUS_MODULES, DANGEROUS_NAMES, DANGEROUS_PACKAGES } from './dangerousGlobals';
import { CONTAINER_GLOBALS, isModuleClass, TENSOR_GLOBALS } from './knownGlobals';
import { isPaddleEval } from './paddleEval';
import type { PickleTrace } from './pickleMachine';
import type { PickleCall, PickleGlobal, PickleValue } from './pickleValue';

/** Modules by the names that Python 2 wrote them under, which Python 3 translates. */
const RENAMED: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
};

/** How much a name should worry, by exact module and name. */
export function classifyGlobal(module: string, name: string): GlobalVerdict {
  const home = Object.hasOwn(RENAMED, module) ? (RENAMED[module] ?? module) : module;
  if (holds(TENSOR_GLOBALS, home, name)) return 'tensor-data';
  if (holds(CONTAINER_GLOBALS, home, name)) return 'container';
  if (isDangerous(home, name)) return 'dangerous';
  return isModuleClass(home, name) ? 'module-class' : 'unknown';
}

function holds(
  table: Readonly<Record<string, ReadonlySet<string>>>,
  module: string,
  name: string,
): boolean {
  return Object.hasOwn(table, module) && table[module]?.has(name) === true;
}

/**
 * Protocol 4 walks a dotted name through attributes, so that `torch` with `serialization.os.system`
 * is os.system: each part may stand for a module.
 */
function isDangerous(module: string, name: string): boolean {
  const [first = '', ...rest] = name.split('.');
  if (holds(DANGEROUS_NAMES, module, first) || isDangerousModule(module)) return true;
  const parts = rest.length === 0 ? [] : [first, ...rest];
  return parts.some((part, i) => {
    const reached = [module, ...parts.slice(0, i + 1)].join('.');
    return (
      part.startsWith('__') ||
      isDangerousModule(part) ||
      isDangerousModule(reached) ||
      holds(DANGEROUS_NAMES, part, parts[i + 1] ?? '')
    );
  });
}

function isDangerousModule(module: string): boolean {
  const parts = module.split('.');
  return (
    DANGEROUS_MODULES.has(module) ||
    parts.some((_, i) => DANGEROUS_PACKAGES.has(parts.slice(0, i + 1).join('.')))
  );
}

/** Verdicts in order: the worst of several counts. */
const SEVERITY: Readonly<Record<GlobalVerdict, number>> = {
  'tensor-data': 0,
  container: 1,
  'module-class': 2,
  unknown: 3,
  dangerous: 4,
};

export function worse(a: GlobalVerdict, b: GlobalVerdict): GlobalVerdict {
  return SEVERITY[a] >= SEVERITY[b] ? a : b;
}

/** The verdicts on everything that one pickle would import and call. */
export class PickleVerdicts {
  /** Calls of each global that were recognised as harmless. */
  private readonly harmlessCalls = new Map<PickleGlobal, number>();

  constructor(trace: PickleTrace) {
    for (const call of trace.calls) {
      const { callee } = call;
      if (!isPaddleEval(call) || !isGlobalValue(callee)) continue;
      this.harmlessCalls.set(callee, (this.harmlessCalls.get(callee) ?? 0) + 1);
    }
  }

  /** A dangerous name whose every use is a call that was recognised is as harmless as those. */
  ofGlobal(found: PickleGlobal): GlobalVerdict {
    const harmless = this.harmlessCalls.get(found);
    if (harmless !== undefined && harmless === found.pushes) return 'tensor-data';
    return classifyGlobal(found.module, found.name);
  }

  ofCall(call: PickleCall): GlobalVerdict {
    if (isPaddleEval(call)) return 'tensor-data';
    return this.ofCallee(call.callee);
  }

  /** What is called may itself be the result of calls: then of the first, and never known. */
  private ofCallee(callee: PickleValue): GlobalVerdict {
    let value = callee;
    for (let depth = 0; depth < MAX_CALLEE_DEPTH; depth++) {
      if (isGlobalValue(value)) {
        return depth === 0 ? this.ofGlobal(value) : worse(this.ofGlobal(value), 'unknown');
      }
      if (typeof value !== 'object' || value?.kind !== 'call') return 'unknown';
      value = value.callee;
    }
    return 'dangerous';
  }
}

/** Nobody calls the result of a call of a result of a call … of a weight. */
const MAX_CALLEE_DEPTH = 8;

function isGlobalValue(value: PickleValue): value is PickleGlobal {
  return typeof value === 'object' && value?.kind === 'global';
}

/** What a whole file is, by its worst name or call. */
export function auditVerdictOf(worst: GlobalVerdict): AuditVerdict {
  if (worst === 'dangerous') return 'dangerous';
  return worst === 'unknown' ? 'suspicious' : 'safe';
}
