import path from 'node:path';
import * as vscode from 'vscode';
import { InspectorEditor } from '../inspector/inspectorEditor';
import { modelName, safetensorsPlace } from '../model/outputPlace';
import { clearUpAfterCrash } from '../model/clearUpAfterCrash';
import type { Services } from '../services';
import { NumberText } from '../text/numberText';
import { modelOrPick } from './pickModel';
import { withProgress } from './withProgress';

/** *Save as safetensors…*: writes the tensors of any model as one safetensors file. */
export async function saveAsSafetensors(
  uri: vscode.Uri | undefined,
  services: Services,
): Promise<void> {
  const title = vscode.l10n.t('Save as safetensors');
  const file = uri ?? InspectorEditor.activeFile ?? undefined;
  const modelPath = await modelOrPick(file, title, services.memory);
  if (modelPath === null) return;
  const target = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(safetensorsPlace(modelPath)),
    filters: { safetensors: ['safetensors'] },
  });
  if (target === undefined) return;
  const output = target.fsPath;
  // The dialog has asked already whether a file that is there may be replaced.
  const params = { path: modelPath, output, replace: true, includeOptimizer: false };
  const conversion = await withProgress(
    vscode.l10n.t('Saving {0} as safetensors', modelName(modelPath)),
    (watch) =>
      clearUpAfterCrash(services, path.dirname(output), () =>
        services.client.convert(params, watch),
      ),
  );
  for (const warning of conversion.warnings) services.log.warn(warning);
  await offer(conversion);
}

async function offer(conversion: {
  readonly output: string;
  readonly tensorCount: number;
  readonly byteLength: number;
  readonly warnings: readonly string[];
}): Promise<void> {
  const numbers = new NumberText(vscode.env.language);
  const said = vscode.l10n.t(
    '{0} was written: {1} tensors, {2}.',
    path.basename(conversion.output),
    numbers.integer(conversion.tensorCount),
    numbers.bytes(conversion.byteLength),
  );
  const sentence = [said, ...conversion.warnings].join(' ');
  const open = vscode.l10n.t('Open');
  const show =
    conversion.warnings.length === 0
      ? vscode.window.showInformationMessage
      : vscode.window.showWarningMessage;
  if ((await show(sentence, open)) !== open) return;
  const uri = vscode.Uri.file(conversion.output);
  await vscode.commands.executeCommand('secateur.inspectModel', uri);
}
