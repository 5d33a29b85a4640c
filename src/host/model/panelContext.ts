import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelContext } from '../../protocol/hostWebview';
import { folderLabel } from '../text/folderLabel';
import { outputPlace } from './outputPlace';

/** What the panel shows of the surroundings of a model. */
export function panelContext(modelPath: string): PanelContext {
  return {
    folder: folderLabel(path.dirname(modelPath)),
    outputName: outputPlace(modelPath).name,
    trusted: vscode.workspace.isTrusted,
    engine: 'TensorFlow.js (WebAssembly)',
  };
}
