import { UnsupportedError } from '../core/errors';
import { NATIVE_PACKAGE, NATIVE_VERSION } from '../core/graph/nativePackage';
import type { ReportProgress } from '../core/progress';
import { installPackage } from '../node/installPackage';
import { findNativeEngine, forgetNativeEngine } from './resolveEngine';
import { stderrLogger } from './rpc/stderrLogger';

/**
 * Has npm install the native engine into a folder. It stays there only where its smoke test passes.
 * @throws IoError with npm's reason; UnsupportedError where it does not work here; CancelledError.
 */
export async function installNativeEngine(
  folder: string,
  { signal, report }: { readonly signal: AbortSignal; readonly report: ReportProgress },
): Promise<{ readonly folder: string }> {
  await installPackage({
    specifier: `${NATIVE_PACKAGE}@${NATIVE_VERSION}`,
    scriptsOf: NATIVE_PACKAGE,
    folder,
    check: assertWorks,
    onLine: (line) => {
      stderrLogger.info(`npm: ${line}`);
      report({ phase: 'install', done: 0, total: 0, item: line });
    },
    signal,
  });
  forgetNativeEngine();
  return { folder };
}

async function assertWorks(folder: string): Promise<void> {
  forgetNativeEngine();
  const native = await findNativeEngine([folder]);
  if (native.kind === 'usable') return;
  throw new UnsupportedError({
    feature: 'the native engine',
    found: native.kind === 'broken' ? native.reason : 'no package after the installation',
    supported: 'an installation that loads and computes',
  });
}
