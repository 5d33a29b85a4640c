import type {
  AuditState,
  EqualGroup,
  InspectorContext,
  ReadingState,
  TensorDetail,
  TensorFigures,
} from '../../../src/protocol/hostInspector';
import type { UnitChoices } from '../../../src/core/recipe/unitAxis';
import type { ProgressReport } from '../../../src/core/progress';
import type { Banner, PanelFailure } from '../../../src/protocol/hostWebview';
import type { ModelView } from '../../../src/protocol/views';

/** Everything the inspector draws from: what the host said, and what is looked at. */
export interface InspectorState {
  /** The model's path: all that is known before the host has opened it. */
  readonly path: string;
  readonly model: ModelView | null;
  readonly context: InspectorContext | null;
  /** By the tensor's index. */
  readonly figures: ReadonlyMap<number, TensorFigures>;
  readonly detail: TensorDetail | null;
  /** null while it is not known. */
  readonly equal: readonly EqualGroup[] | null;
  readonly reading: { readonly state: ReadingState; readonly report: ProgressReport | null };
  readonly banner: Banner | null;
  readonly failure: PanelFailure | null;
  readonly audit: AuditState | null;
  /** What the recipe says of where units lie. */
  readonly units: UnitChoices;
  /** The file is being read anew: what was known of the earlier bytes goes when it is there. */
  readonly isReopened: boolean;
  readonly view: InspectorView;
}

export type ColumnId =
  | 'name'
  | 'layer'
  | 'shape'
  | 'type'
  | 'elements'
  | 'bytes'
  | 'zeros'
  | 'min'
  | 'max'
  | 'mean'
  | 'std'
  | 'distribution';

/** The areas that fold. */
export type InspectorPane = 'tensors' | 'detail' | 'facts' | 'unusual' | 'metadata';

/** What is only looked at; the page's own, and kept while the window lives. */
export interface InspectorView {
  readonly tab: 'tensors' | 'audit';
  readonly selected: number | null;
  readonly sort: { readonly column: ColumnId; readonly descending: boolean } | null;
  /** As it is typed. */
  readonly typed: string;
  /** As it is applied, a moment later. */
  readonly query: string;
  readonly onlyUnusual: boolean;
  readonly logarithmic: boolean;
  readonly asTable: boolean;
  readonly notices: boolean;
  readonly collapsed: readonly InspectorPane[];
  /** Groups of unusual tensors that are shown to their end. */
  readonly unfolded: readonly string[];
  /** Width of the side area in pixels; null for that of the style sheet. */
  readonly sideSize: number | null;
}

/** The inspector before the host has said anything. */
export const initialInspector: InspectorState = {
  path: '',
  model: null,
  context: null,
  figures: new Map(),
  detail: null,
  equal: null,
  reading: { state: 'opening', report: null },
  banner: null,
  failure: null,
  audit: null,
  units: { layers: {} },
  isReopened: false,
  view: {
    tab: 'tensors',
    selected: null,
    sort: null,
    typed: '',
    query: '',
    onlyUnusual: false,
    logarithmic: false,
    asTable: false,
    notices: false,
    collapsed: [],
    unfolded: [],
    sideSize: null,
  },
};
