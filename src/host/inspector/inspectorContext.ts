import * as vscode from 'vscode';
import { isPickleName } from '../../core/report/pickleNames';
import type { InspectorContext } from '../../protocol/hostInspector';
import type { ModelView } from '../../protocol/views';
import { folderOfModel } from '../model/outputPlace';
import { folderLabel } from '../text/folderLabel';

/** What the inspector shows of the surroundings of a model, and what can be done with it. */
export function inspectorContext(model: ModelView): InspectorContext {
  const isPickle = model.notices.some(({ code }) => code === 'untrusted-pickle');
  return {
    folder: folderLabel(folderOfModel(model.path)),
    trusted: vscode.workspace.isTrusted,
    auditable: isPickle || isPickleName(model.path),
    convertible: model.format !== 'safetensors',
  };
}
