import { describeData } from '../node/data/describeData';
import { openModelFile } from '../node/openModel';
import type { Architecture, DataRecipe } from '../core/recipe/recipe';
import type { DataNote, DataView } from '../protocol/views';
import { formatTable } from './table';

/** A file whose data is to be explained, and for which model. */
export interface ExplainRequest {
  readonly modelPath: string;
  readonly architecture: Architecture | null;
  /** Absolute. */
  readonly data: string;
}

/** What data holds and how it would be taken for a model; nothing is run. */
export async function explainedData(request: ExplainRequest): Promise<DataView> {
  const opened = await openModelFile(request.modelPath, { architecture: request.architecture });
  try {
    return await describeData(request.data, opened.model);
  } finally {
    await opened.close();
  }
}

/** The explanation as a table of what there is, the options that spell the guess, and what to know. */
export function explanationText({ name, kind, rowCount, ...view }: DataView): string {
  const columns = [
    { title: 'name', align: 'left' },
    { title: 'shape', align: 'left' },
    { title: 'type', align: 'left' },
  ] as const;
  const rows = view.arrays
    .slice(0, MAX_SHOWN)
    .map((array) => [array.name, array.shape.join('×'), array.dtype]);
  const more = view.arrays.length - rows.length;
  return [
    `${name}: ${KINDS[kind]}, ${rowCount} rows\n\n`,
    formatTable(columns, rows),
    more > 0 ? `and ${more} more\n` : '',
    `\nGuessed: ${guessedOptions(view.suggestion)}\n`,
    ...scaleSuggestion(view).map((words) => `Suggested: ${words}\n`),
    ...view.notes.map((note) => `Note: ${noteText(note)}\n`),
  ].join('');
}

/** A table of pixels has hundreds of columns. */
const MAX_SHOWN = 20;

const KINDS: Readonly<Record<DataView['kind'], string>> = {
  npz: 'NumPy archive',
  npy: 'NumPy array',
  idx: 'IDX array',
  arrays: 'folder of arrays',
  csv: 'table of text',
  jsonl: 'JSON lines',
  parquet: 'Parquet table',
  images: 'folder of pictures',
};

/** How values that look like pixels would be scaled; nothing where that is not to be expected. */
export function scaleSuggestion({
  suggestion: { scale },
}: Pick<DataView, 'suggestion'>): readonly string[] {
  if (scale === undefined) return [];
  return [`--scale 1/${Math.round(1 / scale)}; without it values go in as they stand in the file`];
}

function guessedOptions({ inputs, labels, split, loss }: DataRecipe): string {
  const names = typeof labels === 'string' ? [labels] : (labels ?? []);
  const options = [
    ...(inputs === undefined ? [] : [`--inputs ${shortened(inputs)}`]),
    ...(names.length === 0 ? [] : [`--labels ${names.join(',')}`]),
    ...(typeof split === 'string' ? [`--split ${split}`] : []),
    ...(loss === undefined ? [] : [`--loss ${loss}`]),
  ];
  return options.length === 0 ? 'nothing; say --inputs and --labels' : options.join(' ');
}

function shortened(names: readonly string[]): string {
  return names.length <= MAX_SHOWN
    ? names.join(',')
    : `${names.slice(0, 3).join(',')},… (${names.length} columns)`;
}

function noteText(note: DataNote): string {
  switch (note.kind) {
    case 'noLabels':
      return 'no labels were found; --labels names them';
    case 'modelScales':
      return 'the model scales pixels itself, so that no --scale is needed';
    case 'mayBeImageNet':
      return `a model trained on ImageNet may want --scale 1/255 --mean ${note.mean.join(',')} --std ${note.std.join(',')}`;
    case 'missingValues':
      return `column ${note.column} has no value in row ${note.row}`;
    case 'resized':
      return `pictures are resized from ${note.from.join('×')} to ${note.to.join('×')}; --resize crop keeps their proportions`;
    case 'classes':
      return `${note.names.length} classes: ${shortened(note.names)}`;
  }
}
