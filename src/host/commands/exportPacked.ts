import path from 'node:path';
import * as vscode from 'vscode';
import { InspectorEditor } from '../inspector/inspectorEditor';
import { clearUpAfterCrash } from '../model/clearUpAfterCrash';
import {
  isIndexFile,
  modelName,
  type OutputPlace,
  packedPlace,
  placeAt,
} from '../model/outputPlace';
import type { Services } from '../services';
import { notifyFailure } from '../text/notifyFailure';
import { NumberText } from '../text/numberText';
import { modelOrPick } from './pickModel';
import { withProgress } from './withProgress';

/** *Export Packed…*: writes a model's file without its zeros. */
export async function exportPacked(uri: vscode.Uri | undefined, services: Services): Promise<void> {
  const title = vscode.l10n.t('Export Packed');
  const file = uri ?? InspectorEditor.activeFile ?? undefined;
  const modelPath = await modelOrPick(file, title, services.memory);
  if (modelPath === null) return;
  const target = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(packedPlace(modelPath).occupies),
    ...(isIndexFile(modelPath) ? {} : { filters: filtersOf(modelPath) }),
  });
  if (target === undefined) return;
  const place = placeAt(target.fsPath, modelPath);
  try {
    await packAndTell(modelPath, place, services);
  } catch (error) {
    const sentence = vscode.l10n.t('{0} was not packed', modelName(modelPath));
    await notifyFailure(sentence, error, services.log);
  }
}

async function packAndTell(
  modelPath: string,
  place: OutputPlace,
  services: Services,
): Promise<void> {
  const packed = await withProgress(vscode.l10n.t('Packing {0}', modelName(modelPath)), (watch) =>
    clearUpAfterCrash(services, place.folder, () =>
      services.client.pack({ path: modelPath, output: place.path }, watch),
    ),
  );
  const numbers = new NumberText(vscode.env.language);
  const sentence = vscode.l10n.t(
    '{0} was written: {1} became {2}. No weight is changed; the zeros are left out.',
    place.name,
    numbers.bytes(packed.bytesBefore),
    numbers.bytes(packed.bytesAfter),
  );
  const open = vscode.l10n.t('Open');
  if ((await vscode.window.showInformationMessage(sentence, open)) !== open) return;
  await vscode.commands.executeCommand('secateur.inspectModel', vscode.Uri.file(packed.output));
}

function filtersOf(modelPath: string): Readonly<Record<string, string[]>> {
  return { [vscode.l10n.t('Model')]: [path.extname(modelPath).slice(1)] };
}
