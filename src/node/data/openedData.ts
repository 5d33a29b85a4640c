import type { DataKind } from '../../protocol/views';
import type { LabelSource } from './labelSource';
import type { RowSource } from './rowSource';

/** Data of any kind with its inputs and labels chosen, before rows are chosen and fitted to a model. */
export interface OpenedData {
  /** The file's name, for messages. */
  readonly name: string;
  readonly kind: DataKind;
  readonly rowCount: number;
  /** In the order of the model's inputs. */
  readonly inputs: readonly RowSource[];
  /** In the order of the model's outputs; none where the data has no labels. */
  readonly labels: readonly LabelSource[];
  close(): Promise<void>;
}
