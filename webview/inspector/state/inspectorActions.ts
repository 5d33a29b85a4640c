import type { HostToInspector, InspectorToHost } from '../../../src/protocol/hostInspector';
import type { ColumnId, InspectorPane } from './inspectorState';

/** Everything that changes the inspector: what the host says and what the user does. */
export type InspectorAction =
  | { readonly type: 'host'; readonly message: HostToInspector }
  | { readonly type: 'select'; readonly tensor: number }
  | { readonly type: 'sort'; readonly column: ColumnId }
  | { readonly type: 'typeQuery'; readonly text: string }
  /** What was typed takes effect. */
  | { readonly type: 'applyQuery' }
  | { readonly type: 'toggle'; readonly what: InspectorToggle }
  | { readonly type: 'togglePane'; readonly pane: InspectorPane }
  | { readonly type: 'toggleGroup'; readonly group: string }
  | { readonly type: 'showTab'; readonly tab: 'tensors' | 'audit' }
  /** null gives back the size of the style sheet. */
  | { readonly type: 'resizeSide'; readonly size: number | null }
  | { readonly type: 'ask'; readonly wish: InspectorWish }
  | { readonly type: 'chooseUnitAxis'; readonly layer: string; readonly axis: number | null }
  | { readonly type: 'copy'; readonly text: string };

export type InspectorToggle = 'logarithmic' | 'asTable' | 'notices' | 'onlyUnusual';

/** What the host is asked to do, by the name of its message. */
export type InspectorWish =
  | 'cancel'
  | 'resume'
  | 'reload'
  | 'prune'
  | 'audit'
  | 'convert'
  | 'reopenWith'
  | 'showLog'
  | 'dismissBanner'
  | 'manageTrust';

/** The next state, and what the host is told. */
export interface InspectorStep<S> {
  readonly state: S;
  readonly send: readonly InspectorToHost[];
}
