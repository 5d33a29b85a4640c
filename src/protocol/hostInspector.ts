import type { ProgressReport } from '../core/progress';
import type { UnitChoices } from '../core/recipe/unitAxis';
import type { AuditReport } from '../core/report/audit';
import type { ConstantUnits } from '../core/statistics/constantUnits';
import type { TensorStatistics } from '../core/statistics/tensorStatistics';
import type { Banner, PanelFailure } from './hostWebview';
import type { ModelView } from './views';

/**
 * The inspector's page and its host. Tensors go by their index in {@link ModelView.tensors}: a model may
 * have thousands. Only what a row shows is sent of each; the rest follows for the one selected.
 */
export type HostToInspector =
  | { readonly type: 'model'; readonly model: ModelView; readonly context: InspectorContext }
  | { readonly type: 'figures'; readonly figures: readonly TensorFigures[] }
  | { readonly type: 'detail'; readonly detail: TensorDetail }
  /** Found when all tensors are measured; null while that is not known. */
  | { readonly type: 'equal'; readonly groups: readonly EqualGroup[] | null }
  | {
      readonly type: 'reading';
      readonly state: ReadingState;
      readonly report: ProgressReport | null;
    }
  /** What the recipe says of where units lie. */
  | { readonly type: 'units'; readonly choices: UnitChoices }
  | { readonly type: 'banner'; readonly banner: Banner | null }
  | { readonly type: 'failure'; readonly failure: PanelFailure | null }
  | { readonly type: 'audit'; readonly audit: AuditState }
  | { readonly type: 'showAudit' }
  /** Selected elsewhere: the weight of a layer. */
  | { readonly type: 'select'; readonly tensor: number };

export type InspectorToHost =
  /** The page is drawn and wants everything again, also after it was hidden. */
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly tensor: number }
  /** What is in sight and not yet measured: to be measured next. */
  | { readonly type: 'inSight'; readonly tensors: readonly number[] }
  /** Says on which axis the units of a layer lie; null for the guess. */
  | { readonly type: 'chooseUnitAxis'; readonly layer: string; readonly axis: number | null }
  | { readonly type: 'cancel' }
  /** Goes on with reading that was cancelled or cut off. */
  | { readonly type: 'resume' }
  | { readonly type: 'reload' }
  | { readonly type: 'prune' }
  | { readonly type: 'audit' }
  | { readonly type: 'convert' }
  | { readonly type: 'reopenWith' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'showLog' }
  | { readonly type: 'dismissBanner' }
  | { readonly type: 'manageTrust' };

export type ReadingState = 'opening' | 'reading' | 'stopped' | 'done';

export interface InspectorContext {
  /** The model's folder, relative to the workspace. */
  readonly folder: string;
  readonly trusted: boolean;
  /** Loading the file with Python could run code: it can be audited. */
  readonly auditable: boolean;
  /** It is not safetensors already. */
  readonly convertible: boolean;
}

/** Counts of equal bins from `from` to `to`. */
export interface Bars {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
  /** Exact zeros that are in none of the bins, where they would flatten the rest. */
  readonly zeros: number;
}

/** What is known of a tensor's values, as far as a row of the table shows it. */
export interface TensorFigures {
  readonly tensor: number;
  /** null where no value is finite. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly zeros: number;
  readonly nonFinite: number;
  readonly bars: Bars;
  readonly constantUnits: ConstantUnits | null;
}

/** All that is known of the values of the selected tensor. */
export interface TensorDetail {
  readonly tensor: number;
  readonly statistics: Omit<TensorStatistics, 'histogram'>;
  readonly bars: Bars;
  /** Of |x|; null where it is not known. */
  readonly medianMagnitude: number | null;
}

/** Tensors of the very same bytes. */
export interface EqualGroup {
  readonly tensors: readonly number[];
  /** One run of bytes in the file, not copies. */
  readonly shared: boolean;
}

export type AuditState =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly report: AuditReport }
  | { readonly kind: 'failed'; readonly failure: PanelFailure };
