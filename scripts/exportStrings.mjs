// node scripts/exportStrings.mjs: gathers every string that the host and the panel show, in English,
// as l10n/bundle.l10n.json. Translations stand beside it as bundle.l10n.LANGUAGE.json.
// With --check it writes nothing and fails when the bundle is not what the sources give.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bundlePath = path.join(root, 'l10n/bundle.l10n.json');

/** The bundle's text as the sources give it now, sorted, so that it differs only where they do. */
async function exportStrings() {
  const sources = [...(await listSources('src')), ...(await listSources('webview'))];
  const texts = await Promise.all(sources.map((file) => readFile(file, 'utf8')));
  // One text, because the exporter takes its time for each.
  const contents = texts
    .filter((text) => text.includes('l10n'))
    .map(withNamespace)
    .join('\n');
  const strings = await getL10nJson([{ extension: '.ts', contents }]);
  const sorted = Object.entries(strings).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

/** The exporter knows `l10n.t(…)`, not a `t` that is imported by its own name. */
function withNamespace(text) {
  const named = /import \{ t \} from '@vscode\/l10n';/;
  if (!named.test(text)) return text;
  return text
    .replace(named, "import * as l10n from '@vscode/l10n';")
    .replace(/(?<![\w.])t\(/g, 'l10n.t(');
}

async function listSources(folder) {
  const entries = await readdir(path.join(root, folder), { recursive: true });
  const sources = entries.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  return sources.sort().map((name) => path.join(root, folder, name));
}

const strings = await exportStrings();
if (!process.argv.includes('--check')) await writeFile(bundlePath, strings);
else if ((await readFile(bundlePath, 'utf8')) !== strings) {
  console.error('l10n/bundle.l10n.json is out of date: run node scripts/exportStrings.mjs');
  process.exit(1);
}
