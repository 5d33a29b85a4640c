import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { quietSettings } from './quietSettings';

/** What `scripts/vscodeHost.mjs` installed: the Node that code-server needs, and its entry file. */
export interface CodeServerProgram {
  readonly node: string;
  readonly entry: string;
}

export interface CodeServerOptions {
  readonly program: CodeServerProgram;
  /** Holds the server's data and log. Its path must be short: a Unix socket lies in it. */
  readonly dataFolder: string;
  /** Extensions to install before the start. */
  readonly vsix?: readonly string[];
  /** On top of {@link quietSettings}. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Any free port when absent. */
  readonly port?: number;
  readonly extraArguments?: readonly string[];
}

/** A running VS Code server. */
export interface CodeServer {
  readonly port: number;
  readonly url: string;
  /** Stops the server and every extension host it started. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

/**
 * Starts a VS Code server and waits until it answers.
 * @throws Error naming the log file when it does not.
 */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  await writeSettings(options);
  for (const vsix of options.vsix ?? []) await installExtension(options, vsix);
  const port = options.port ?? (await findFreePort());
  const child = spawnServer(options, port);
  const stopWithUs = (): void => void killGroup(child, 'SIGKILL');
  process.once('exit', stopWithUs);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitUntilHealthy(url, child);
  } catch (error) {
    killGroup(child, 'SIGKILL');
    throw new Error(`code-server did not start; see ${logPath(options)}`, { cause: error });
  }
  const stop = async (): Promise<void> => {
    process.off('exit', stopWithUs);
    await stopServer(child);
  };
  return { port, url, stop };
}

async function writeSettings({ dataFolder, settings }: CodeServerOptions): Promise<void> {
  const folder = path.join(dataFolder, 'user', 'User');
  await mkdir(folder, { recursive: true });
  const all = { ...quietSettings, ...settings };
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(all, null, 2));
}

async function installExtension(options: CodeServerOptions, vsix: string): Promise<void> {
  const { node, entry } = options.program;
  await promisify(execFile)(
    node,
    [entry, ...placeArguments(options), '--install-extension', vsix],
    {
      env: cleanEnvironment(options),
    },
  );
}

function spawnServer(options: CodeServerOptions, port: number): ChildProcess {
  const child = spawn(
    options.program.node,
    [
      options.program.entry,
      ...placeArguments(options),
      '--auth=none',
      `--bind-addr=127.0.0.1:${port}`,
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-workspace-trust',
      '--disable-getting-started-override',
      ...(options.extraArguments ?? []),
    ],
    // A process group of its own, so that stopping takes the extension hosts along.
    { env: cleanEnvironment(options), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const log = createWriteStream(logPath(options));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return child;
}

function placeArguments({ dataFolder }: CodeServerOptions): string[] {
  return [
    `--user-data-dir=${path.join(dataFolder, 'user')}`,
    `--extensions-dir=${path.join(dataFolder, 'extensions')}`,
    `--config=${path.join(dataFolder, 'config.yaml')}`,
  ];
}

function logPath({ dataFolder }: CodeServerOptions): string {
  return path.join(dataFolder, 'server.log');
}

/** Without what an outer VS Code, an outer code-server or an outer test runner left there. */
function cleanEnvironment({ dataFolder }: CodeServerOptions): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_(?!TEST_)|CODE_SERVER|NODE_|ELECTRON_|(HASHED_)?PASSWORD$|PORT$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    EXTENSIONS_GALLERY: '{}',
    XDG_CONFIG_HOME: path.join(dataFolder, 'config'),
    XDG_DATA_HOME: path.join(dataFolder, 'data'),
  };
}

async function waitUntilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isHealthy(url))) {
    if (child.exitCode !== null) throw new Error(`exit code ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`no answer in ${START_TIMEOUT_MS} ms`);
    await delay(50);
  }
}

function isHealthy(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  killGroup(child, 'SIGTERM');
  const late = delay(STOP_TIMEOUT_MS, 'late', { ref: false });
  if ((await Promise.race([gone, late])) === 'late') killGroup(child, 'SIGKILL');
  await gone;
}

/** Whether there was still something to kill. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
