import * as l10n from '@vscode/l10n';
import type { ColumnId } from '../state/inspectorState';

/** A column of the table of tensors. */
export interface TensorColumn {
  readonly id: ColumnId;
  readonly title: string;
  /** In pixels; the name takes what is left and at least this. */
  readonly width: number;
  readonly isNumber: boolean;
  readonly isSortable: boolean;
}

interface ColumnRule {
  readonly id: ColumnId;
  readonly width: number;
  /** Those of the lowest rank go last when the table gets narrow. */
  readonly rank: number;
  readonly isNumber: boolean;
}

/** From left to right. */
const RULES: readonly ColumnRule[] = [
  { id: 'name', width: 108, rank: 0, isNumber: false },
  { id: 'layer', width: 154, rank: 8, isNumber: false },
  { id: 'shape', width: 96, rank: 3, isNumber: false },
  { id: 'type', width: 62, rank: 5, isNumber: false },
  { id: 'elements', width: 74, rank: 2, isNumber: true },
  { id: 'bytes', width: 112, rank: 9, isNumber: true },
  { id: 'zeros', width: 60, rank: 4, isNumber: true },
  { id: 'min', width: 62, rank: 10, isNumber: true },
  { id: 'max', width: 62, rank: 11, isNumber: true },
  { id: 'mean', width: 66, rank: 7, isNumber: true },
  { id: 'std', width: 58, rank: 6, isNumber: true },
  { id: 'distribution', width: 74, rank: 1, isNumber: false },
];

export const COLUMN_GAP = 10;
/** The flag before the name, and the padding at both ends with the scroll bar. */
const FRAME = 16 + COLUMN_GAP + 8 + 22;
/** What the name takes before a further column comes, and then the distribution of what is left. */
const MORE = { name: 72, distribution: 30 } as const;

/** The columns that a table of this width has room for, from left to right. */
export function columnsFor(tableWidth: number): readonly TensorColumn[] {
  let room = tableWidth - FRAME + COLUMN_GAP;
  const chosen = new Set<ColumnId>();
  for (const rule of [...RULES].sort((a, b) => a.rank - b.rank)) {
    const needed = rule.width + COLUMN_GAP;
    const kept = rule.rank > 2 ? MORE.name : 0;
    // The two first are always there: a table without them says nothing.
    if (needed > room - kept && rule.rank > 1) break;
    room -= needed;
    chosen.add(rule.id);
  }
  const more = Math.min(MORE.distribution, Math.max(0, room - MORE.name));
  return RULES.filter(({ id }) => chosen.has(id)).map((rule) => ({
    id: rule.id,
    title: titleOf(rule.id),
    width: rule.width + (rule.id === 'distribution' ? more : 0),
    isNumber: rule.isNumber,
    isSortable: rule.id !== 'distribution',
  }));
}

/** The tracks of the grid that header and rows share: the flag, then the columns. */
export function gridTemplate(columns: readonly TensorColumn[]): string {
  const tracks = columns.map(({ id, width }) =>
    id === 'name' ? `minmax(${width}px, 1fr)` : `${width}px`,
  );
  return ['16px', ...tracks].join(' ');
}

function titleOf(column: ColumnId): string {
  switch (column) {
    case 'name':
      return l10n.t('Name');
    case 'layer':
      return l10n.t('Layer');
    case 'shape':
      return l10n.t('Shape');
    case 'type':
      return l10n.t('Type');
    case 'elements':
      return l10n.t('Elements');
    case 'bytes':
      return l10n.t('Size');
    case 'zeros':
      return l10n.t('Zeros');
    case 'min':
      return l10n.t('Min');
    case 'max':
      return l10n.t('Max');
    case 'mean':
      return l10n.t('Mean');
    case 'std':
      return l10n.t('Std');
    case 'distribution':
      return l10n.t('Distribution');
  }
}
