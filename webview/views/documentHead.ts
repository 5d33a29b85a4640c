import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Notice } from '../../src/core/model/model';
import type { ModelView } from '../../src/protocol/views';
import { icon, type IconName, type IconTone } from '../components/icon';
import { byteSizeText, compactCountText, countText } from '../format/numbers';
import { nameOfPath } from '../state/nameOfPath';
import { noticeTitle } from './words';

/** Before the file is open its name is known, and after a failure that is all there will be. */
export function openingHead(path: string, hasFailed: boolean): TemplateResult {
  return html`<header class="doc-head">
    <div class="line">
      ${icon('fileBinary')}
      <h1 title=${path}>${nameOfPath(path)}</h1>
    </div>
    <div class="facts">${hasFailed ? nothing : l10n.t('Opening…')}</div>
  </header>`;
}

/** The file's name and folder, with what is to be known at a glance. */
export function headLine(
  model: ModelView,
  folder: string,
  chips: readonly TemplateResult[],
): TemplateResult {
  return html`<div class="line">
    ${icon('fileBinary')}
    <h1 title=${model.path}>${model.name}</h1>
    <span class="dim">${folder}</span>
    <div class="chips">${chips}</div>
  </div>`;
}

/** What it is and how large; the exact numbers are in the titles. */
export function sizeFacts({
  formatLabel,
  parameterCount,
  byteLength,
}: ModelView): TemplateResult[] {
  return [
    html`<span>${formatLabel}</span>`,
    html`<span title=${l10n.t('{0} parameters', countText(parameterCount))}
      >${l10n.t('{0} parameters', compactCountText(parameterCount))}</span
    >`,
    html`<span title=${l10n.t('{0} bytes', countText(byteLength))}
      >${byteSizeText(byteLength)}</span
    >`,
  ];
}

/** One chip for each kind of notice; any of them opens the sentences of all. */
export function noticeChips(
  notices: readonly Notice[],
  isOpen: boolean,
  toggle: () => void,
): TemplateResult[] {
  const codes = [...new Set(notices.map(({ code }) => code))];
  return codes.map(
    (code) =>
      html`<button type="button" class="chip" aria-expanded=${isOpen} @click=${toggle}>
        ${icon('warning', 'warning')}${noticeTitle(code)}
      </button>`,
  );
}

/** The sentences of all notices. */
export function noticeList(notices: readonly Notice[]): TemplateResult {
  return html`<ul class="notices">
    ${notices.map(({ message }) => html`<li>${message}</li>`)}
  </ul>`;
}

export function chip(name: IconName, tone: IconTone, text: string): TemplateResult {
  return html`<span class="chip">${icon(name, tone)}${text}</span>`;
}
