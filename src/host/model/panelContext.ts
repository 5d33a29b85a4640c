import * as vscode from 'vscode';
import type { EnginePreference } from '../../core/graph/engineChoice';
import type { PanelContext } from '../../protocol/hostWebview';
import { enginePreference } from '../engine/engineSettings';
import { folderLabel } from '../text/folderLabel';
import { folderOfModel, outputPlace } from './outputPlace';

/** What the panel shows of the surroundings of a model. */
export function panelContext(modelPath: string): PanelContext {
  return {
    folder: folderLabel(folderOfModel(modelPath)),
    outputName: outputPlace(modelPath).name,
    trusted: vscode.workspace.isTrusted,
    engine: engineText(enginePreference()),
  };
}

/** What will run the model, as far as that is known before it has. */
function engineText(preference: EnginePreference): string {
  switch (preference) {
    case 'auto':
    case 'tfjs':
      return 'TensorFlow.js (WebAssembly)';
    case 'tfjs-node':
      return 'TensorFlow.js (native)';
    case 'onnxruntime':
      return 'ONNX Runtime';
  }
}
