// Finds a Chrome, Chromium or Edge to run the browser-hosted VS Code in.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

const names = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];
const macApplications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const windowsPrograms = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
];

/**
 * The browser named by CHROMIUM, else one that is there, else Debian's, installed now where that is
 * allowed.
 * @returns an absolute path. @throws Error saying what to install.
 */
export function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which is not an executable file.`);
  }
  const found = presentBrowser() ?? (installDebianChromium() ? presentBrowser() : undefined);
  if (found) return found;
  throw new Error(
    'No browser was found. Install Google Chrome, Chromium or Microsoft Edge, ' +
      'or name one by its path in the environment variable CHROMIUM.',
  );
}

function presentBrowser() {
  return candidates().find(isExecutable);
}

function candidates() {
  const { HOME = '', PATH = '', LOCALAPPDATA, PROGRAMFILES } = process.env;
  switch (process.platform) {
    case 'darwin':
      return within(['/Applications', path.join(HOME, 'Applications')], macApplications);
    case 'win32':
      return within(
        [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA],
        windowsPrograms,
      );
    default:
      return within(
        [...PATH.split(path.delimiter), '/usr/bin', '/snap/bin', '/opt/google/chrome'],
        names,
      );
  }
}

function within(folders, files) {
  return files.flatMap((file) => folders.filter(Boolean).map((folder) => path.join(folder, file)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Only root on Debian and its relatives may. @returns whether apt-get succeeded. */
function installDebianChromium() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  console.log('> apt-get install chromium');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: 'inherit' }).status === 0;
  const install = () => apt('install', '--yes', '-qq', 'chromium');
  // A machine that was never updated knows no packages at all.
  return install() || (apt('update', '-qq') && install());
}
