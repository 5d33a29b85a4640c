// First: it has to be there while the toolkit loads.
import { endStyleProbe } from './styleProbe';
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

/**
 * Defines the toolkit's elements that the components of this folder are made of. The toolkit is no
 * longer developed: nothing outside this folder may name its elements, so that it can be replaced.
 */
export function defineToolkit(): void {
  endStyleProbe();
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
}
