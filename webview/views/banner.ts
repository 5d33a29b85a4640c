import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Banner } from '../../src/protocol/hostWebview';
import { icon, type IconName } from '../components/icon';
import { link } from '../components/link';
import { toolButton } from '../components/toolButton';
import type { Wish } from '../state/actions';
import type { Ui } from './ui';

/** What a banner says, and what can be done about it. */
export interface BannerLook<W extends string> {
  readonly icon: IconName;
  readonly text: string;
  readonly action: { readonly label: string; readonly wish: W };
  readonly isDismissible: boolean;
}

/** What is the matter with the file, the worker or the workspace, above everything else. */
export function banner(ui: Ui): TemplateResult | typeof nothing {
  const shown: Banner | null =
    ui.state.banner ?? (ui.state.context?.trusted === false ? { kind: 'untrusted' } : null);
  if (shown === null) return nothing;
  const look = bannerLook<Wish>(shown, ui.state.model?.name ?? '', (reason) => ({
    text: l10n.t('{0} The plan is kept, nothing was written.', reason),
    action: { label: l10n.t('Show Log'), wish: 'showLog' },
  }));
  return bannerBar(look, (wish) => ui.dispatch({ type: 'ask', wish }));
}

/** The bar of a banner, with its one action. */
export function bannerBar<W extends string>(
  look: BannerLook<W>,
  ask: (wish: W | 'dismissBanner') => void,
): TemplateResult {
  return html`<div class="banner" role="status">
    ${icon(look.icon)}
    <span>${look.text} ${link(look.action.label, () => ask(look.action.wish))}</span>
    ${
      look.isDismissible
        ? toolButton({
            icon: 'close',
            label: l10n.t('Dismiss'),
            onClick: () => ask('dismissBanner'),
          })
        : nothing
    }
  </div>`;
}

/**
 * How a banner looks in every editor of a model.
 * @param restarted what is said, and offered, after the worker ended
 */
export function bannerLook<W extends string>(
  banner: Banner,
  name: string,
  restarted: (reason: string) => Pick<BannerLook<W>, 'text' | 'action'>,
): BannerLook<W | 'reload' | 'manageTrust'> {
  switch (banner.kind) {
    case 'fileChanged':
      return {
        icon: 'info',
        text: l10n.t(
          '{0} has changed on disk. The numbers below are from the earlier version.',
          name,
        ),
        action: { label: l10n.t('Reload'), wish: 'reload' },
        isDismissible: true,
      };
    case 'workerRestarted':
      return {
        icon: 'warning',
        ...restarted(banner.reason),
        isDismissible: true,
      };
    case 'untrusted':
      return {
        icon: 'untrusted',
        text: l10n.t('Restricted mode: models can be inspected. Pruning writes files and is off.'),
        action: { label: l10n.t('Manage Trust'), wish: 'manageTrust' },
        isDismissible: false,
      };
  }
}
