import { html, type TemplateResult } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import arrowDown from '@vscode/codicons/src/icons/triangle-down.svg';
import arrowUp from '@vscode/codicons/src/icons/triangle-up.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import clearAll from '@vscode/codicons/src/icons/clear-all.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import dash from '@vscode/codicons/src/icons/dash.svg';
import discard from '@vscode/codicons/src/icons/discard.svg';
import edit from '@vscode/codicons/src/icons/edit.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import filter from '@vscode/codicons/src/icons/filter.svg';
import fileBinary from '@vscode/codicons/src/icons/file-binary.svg';
import graph from '@vscode/codicons/src/icons/graph.svg';
import graphLine from '@vscode/codicons/src/icons/graph-line.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import json from '@vscode/codicons/src/icons/json.svg';
import lock from '@vscode/codicons/src/icons/lock.svg';
import pass from '@vscode/codicons/src/icons/pass.svg';
import ruler from '@vscode/codicons/src/icons/symbol-ruler.svg';
import save from '@vscode/codicons/src/icons/save.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import sort from '@vscode/codicons/src/icons/sort-precedence.svg';
import table from '@vscode/codicons/src/icons/table.svg';
import untrusted from '@vscode/codicons/src/icons/workspace-untrusted.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';

const ICONS = {
  arrowDown,
  arrowUp,
  check,
  chevronDown,
  chevronRight,
  circleSlash,
  clearAll,
  close,
  copy,
  dash,
  discard,
  edit,
  error,
  fileBinary,
  filter,
  graph,
  graphLine,
  info,
  json,
  lock,
  pass,
  ruler,
  save,
  search,
  sort,
  table,
  untrusted,
  warning,
} as const;

/** The codicons that the panel uses, by what they show. */
export type IconName = keyof typeof ICONS;

/** How an icon is coloured; the sentence beside it never is. */
export type IconTone = 'plain' | 'dim' | 'ok' | 'info' | 'warning' | 'error';

/** A codicon. Without a label it is decoration; with one it says something of its own. */
export function icon(name: IconName, tone: IconTone = 'plain', label?: string): TemplateResult {
  // The text is the bundled file itself, so there is nothing in it to be escaped.
  const drawing = unsafeHTML(ICONS[name]);
  return label === undefined
    ? html`<span class="icon ${tone}" aria-hidden="true">${drawing}</span>`
    : html`<span class="icon ${tone}" role="img" aria-label=${label} title=${label}
        >${drawing}</span
      >`;
}
