import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { inspectorPane } from './inspectorPane';
import type { InspectorUi } from './inspectorUi';

/** What the file says of itself; nothing where it says nothing. */
export function metadataPane(ui: InspectorUi): TemplateResult | typeof nothing {
  const metadata = ui.state.model?.metadata ?? [];
  if (metadata.length === 0) return nothing;
  return inspectorPane(ui, {
    id: 'metadata',
    title: l10n.t('Metadata'),
    body: html`<dl class="facts-list">
      ${metadata.map(
        ({ key, value }) =>
          html`<dt title=${key}>${key}</dt>
            <dd title=${value}>${value}</dd>`,
      )}
    </dl>`,
  });
}
