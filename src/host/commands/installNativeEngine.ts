import * as vscode from 'vscode';
import { NATIVE_PACKAGE, NATIVE_VERSION } from '../../core/graph/nativePackage';
import type { Services } from '../services';
import { withProgress } from './withProgress';

/**
 * *Install Native Engine*: has npm fetch TensorFlow's library into the extension's storage, where it stays
 * only if it works.
 */
export async function installNativeEngine({ client, log, nativeFolder }: Services): Promise<void> {
  if (!(await confirm(nativeFolder))) return;
  await withProgress(vscode.l10n.t('Installing the native engine'), (watch) =>
    client.installNativeEngine(nativeFolder, watch),
  );
  const done = vscode.l10n.t('The native engine is installed and works. Networks run on it now.');
  log.info(done);
  void vscode.window.showInformationMessage(done);
}

async function confirm(folder: string): Promise<boolean> {
  const install = vscode.l10n.t('Install');
  const detail = vscode.l10n.t(
    'npm downloads {0} and TensorFlow’s library, several hundred megabytes, into {1}. Networks run without it, too, but more slowly.',
    `${NATIVE_PACKAGE} ${NATIVE_VERSION}`,
    folder,
  );
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Install TensorFlow’s native engine?'),
    { modal: true, detail },
    install,
  );
  return chosen === install;
}
