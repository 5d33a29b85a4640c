import * as vscode from 'vscode';
import type { HostToInspector, InspectorToHost } from '../../protocol/hostInspector';
import { isModelByChoice } from '../commands/modelFiles';
import { modelName } from '../model/outputPlace';
import type { Sessions } from '../model/sessions';
import { WebviewPage } from '../panel/webviewPage';
import type { Services } from '../services';
import { notifyFailure } from '../text/notifyFailure';
import { type InspectorPage, InspectorSession } from './inspectorSession';

interface OpenInspector {
  readonly page: InspectorPage;
  readonly session: InspectorSession;
}

/** A model file that is looked at; its session is open for as long as any editor shows it. */
class InspectedFile implements vscode.CustomDocument {
  readonly inspectors = new Set<OpenInspector>();
  readonly #close: () => void;

  constructor(
    readonly uri: vscode.Uri,
    close: () => void,
  ) {
    this.#close = close;
  }

  dispose(): void {
    this.#close();
  }
}

/** The read-only editor of model files: what is inside, and what is unusual about it. */
export class InspectorEditor implements vscode.CustomReadonlyEditorProvider<InspectedFile> {
  static readonly viewType = 'secateur.inspector';
  /** For files that are mostly something else: VS Code ties the priority to the type. */
  static readonly optionalViewType = 'secateur.inspector.optional';
  readonly #files = new Map<string, InspectedFile>();
  readonly #services: Services;
  readonly #sessions: Sessions;

  constructor(services: Services, sessions: Sessions) {
    this.#services = services;
    this.#sessions = sessions;
  }

  /** The model file in the active editor; null where that is no inspector. */
  static get activeFile(): vscode.Uri | null {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    if (!(input instanceof vscode.TabInputCustom)) return null;
    return input.viewType.startsWith(InspectorEditor.viewType) ? input.uri : null;
  }

  /** Offers itself to VS Code, for both kinds of files. */
  register(): vscode.Disposable[] {
    return [InspectorEditor.viewType, InspectorEditor.optionalViewType].map((viewType) =>
      vscode.window.registerCustomEditorProvider(viewType, this, {
        supportsMultipleEditorsPerDocument: true,
      }),
    );
  }

  /** Opens a model file in the inspector, or shows the one that is open. */
  async show(path: string): Promise<void> {
    const uri = vscode.Uri.file(path);
    const viewType = isModelByChoice(path)
      ? InspectorEditor.optionalViewType
      : InspectorEditor.viewType;
    await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
  }

  /** Opens a file in the inspector with what loading it with Python would run. */
  async showAudit(path: string): Promise<void> {
    await this.show(path);
    const [inspector] = this.#files.get(path)?.inspectors ?? [];
    await inspector?.page.drawn;
    await inspector?.session.showAudit();
  }

  /** Closes all editors of a file. */
  close(path: string): void {
    for (const { page } of this.#files.get(path)?.inspectors ?? []) page.dispose();
  }

  openCustomDocument(uri: vscode.Uri): InspectedFile {
    const path = uri.fsPath;
    if (uri.scheme !== 'file') return new InspectedFile(uri, () => undefined);
    this.#sessions.hold(path, 'inspector');
    const file = new InspectedFile(uri, () => {
      this.#files.delete(path);
      this.#sessions.release(path, 'inspector');
    });
    this.#files.set(path, file);
    return file;
  }

  resolveCustomEditor(file: InspectedFile, panel: vscode.WebviewPanel): void {
    if (file.uri.scheme === 'file') this.#attach(file, panel);
    else this.#refuse(file.uri, panel);
  }

  #attach(file: InspectedFile, panel: vscode.WebviewPanel): void {
    const path = file.uri.fsPath;
    const page: InspectorPage = new WebviewPage(panel, {
      received: (message) => void this.#receive(inspector, message),
      activated: () => undefined,
      closed: () => {
        file.inspectors.delete(inspector);
        inspector.session.dispose();
      },
    });
    const model = this.#sessions.hold(path, 'inspector');
    const inspector = { page, session: new InspectorSession(page, model, this.#services) };
    file.inspectors.add(inspector);
    this.#fill(page, file.uri);
  }

  #fill(page: InspectorPage, uri: vscode.Uri): void {
    const { extensionUri } = this.#services;
    page.fill({ extensionUri, entry: 'inspector', path: uri.fsPath, title: modelName(uri.fsPath) });
  }

  async #receive({ session }: OpenInspector, message: InspectorToHost): Promise<void> {
    try {
      await session.receive(message);
    } catch (error) {
      const title = vscode.l10n.t('Secateur could not do this');
      await notifyFailure(title, error, this.#services.log);
    }
  }

  /** The worker reads by ranges from a disk: an earlier version in Git, say, has no file there. */
  #refuse(uri: vscode.Uri, panel: vscode.WebviewPanel): void {
    const failure: HostToInspector = {
      type: 'failure',
      failure: {
        task: 'open',
        title: vscode.l10n.t('{0} cannot be opened', modelName(uri.fsPath)),
        detail: vscode.l10n.t('Models are read from files on a disk, and this one is not on any.'),
        assurance: null,
      },
    };
    const page: InspectorPage = new WebviewPage(panel, {
      received: ({ type }) => {
        if (type === 'ready') page.say(failure);
        if (type === 'reopenWith') {
          void vscode.commands.executeCommand('workbench.action.reopenWithEditor');
        }
        if (type === 'showLog') this.#services.log.show();
      },
      activated: () => undefined,
      closed: () => undefined,
    });
    this.#fill(page, uri);
  }
}
