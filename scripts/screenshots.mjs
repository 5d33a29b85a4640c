// npm run build && node scripts/screenshots.mjs: takes the pictures of README and docs/ anew, from the
// packaged extension in the browser-hosted VS Code. LOOK at them before they are committed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadTypeScript } from './bundle.mjs';
import { findBrowser } from './findBrowser.mjs';
import { installIfStale, root } from './install.mjs';
import { packageVsix } from './package.mjs';
import { runScript } from './runScript.mjs';
import { installVscodeHost } from './vscodeHost.mjs';

/** What stands for the system's own font, the first that is there: VS Code has none of its own. */
const fonts = ['Inter', 'Segoe UI', 'Ubuntu', 'Noto Sans', 'Liberation Sans'];

installIfStale(root);
runScript('build.mjs');
const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'secateur-'));
process.env.SECATEUR_ROOT = root;
process.env.FONTCONFIG_FILE = writeFontSettings();
const { startCodeServer } = await loadTypeScript('test/helpers/codeServer.ts');
const { takePictures } = await loadTypeScript('test/ui/takePictures.ts');
const { openBrowser } = await loadTypeScript('test/helpers/browser.ts');
const server = await startCodeServer({
  program: installVscodeHost(),
  dataFolder,
  vsix: [await packageVsix()],
  settings: {
    'workbench.colorTheme': 'Dark Modern',
    'window.title': '${activeEditorShort}${separator}${rootName}',
  },
});
const browser = await openBrowser(findBrowser());
try {
  await takePictures(browser, server.url, path.join(root, 'docs/images'));
} finally {
  await browser.close();
  await server.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

/** The browser's last resort is put aside, so that it takes the first of the fonts that is there. */
function writeFontSettings() {
  const file = path.join(dataFolder, 'fonts.conf');
  const families = fonts.map((font) => `<string>${font}</string>`).join('');
  const rules = [
    '<match><test name="family"><string>sans</string></test>',
    `<edit name="family" mode="assign" binding="strong">${families}</edit></match>`,
    '<selectfont><rejectfont><pattern><patelt name="family"><string>DejaVu Sans</string></patelt>',
    '</pattern></rejectfont></selectfont>',
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
  ];
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${rules.join('')}</fontconfig>`);
  return file;
}
