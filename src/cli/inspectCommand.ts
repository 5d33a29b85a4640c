import { modelByteLength, type Model, parameterCount, type TensorEntry } from '../core/model/model';
import { overrideUnits } from '../core/graph/overrideUnits';
import { verifyChecksums } from '../core/model/verifyChecksums';
import type { JobControl } from '../core/progress';
import { readTensorStatistics } from '../core/statistics/readTensorStatistics';
import type { TensorStatistics } from '../core/statistics/tensorStatistics';
import { openModelFile } from '../node/openModel';
import { UsageError } from '../core/errors';
import type { Command } from './command';
import { formatBytes, formatCount, formatFigure } from './formatNumber';
import { COMMON_OPTIONS, onlyFile, parseArguments } from './options';
import { recipeFromOptions } from './recipeFromOptions';
import { type Column, formatTable } from './table';

type StatisticsByName = ReadonlyMap<string, TensorStatistics>;

/** `inspect FILE`: what is inside. */
export const inspectCommand: Command = {
  async run(args, { control }) {
    const options = {
      ...COMMON_OPTIONS,
      statistics: { type: 'boolean' },
      'weight-layout': { type: 'string' },
    } as const;
    const { values, positionals } = parseArguments(args, options);
    const recipe = await recipeFromOptions(values);
    const { architecture, model: named } = recipe;
    const file = onlyFile(positionals, 'inspect') ?? named;
    if (file === undefined) throw new UsageError('inspect: found no file; allowed: inspect FILE');
    const opened = await openModelFile(file, { architecture: architecture ?? null });
    try {
      const withStatistics = values['statistics'] !== false;
      const statistics = withStatistics ? await readStatistics(opened.model, control) : null;
      const print = values['json'] === true ? asJson : asText;
      const model = overrideUnits(opened.model, recipe);
      process.stdout.write(print(model, statistics));
    } finally {
      await opened.close();
    }
  },
};

async function readStatistics(model: Model, control: JobControl): Promise<StatisticsByName> {
  await verifyChecksums(model, control);
  const byName = new Map<string, TensorStatistics>();
  for await (const { tensor, statistics } of readTensorStatistics(model, control)) {
    if (statistics !== null) byName.set(tensor.name, statistics);
  }
  return byName;
}

function asJson(model: Model, statistics: StatisticsByName | null): string {
  const { format, formatLabel, metadata, notices } = model;
  const document = {
    format,
    formatLabel,
    metadata,
    parameterCount: parameterCount(model),
    byteLength: modelByteLength(model),
    tensors: model.tensors.map((tensor) => tensorJson(tensor, statistics)),
    layers: model.layers.map(
      ({ name, operatorLabel, guessed, parameters, unitAxis, unitCount, prunable, lockedBy }) => ({
        name,
        operator: operatorLabel,
        guessed: guessed === true,
        parameters,
        unitAxis,
        unitCount,
        prunable,
        lockedBy,
      }),
    ),
    ...endsOf(model),
    warnings: warningsOf(model, statistics),
    notices,
  };
  return `${JSON.stringify(document)}\n`;
}

/** Of the file's own word where it has one: writing a large graph takes longer than everything else here. */
function endsOf({ graph, interface: declared }: Model): { inputs: object; outputs: object } {
  if (graph === undefined) {
    return { inputs: declared?.inputs ?? [], outputs: declared?.outputs ?? [] };
  }
  const { inputs, outputs } = declared ?? graph;
  return {
    inputs: inputs.map(({ name, shape }) => ({ name, shape: shape.map(sizeOrOpen) })),
    outputs: outputs.map(({ name }) => ({ name })),
  };
}

/** Sizes that are open are -1, as in graphs; some exporters write 0 for them. */
function sizeOrOpen(size: number | string | null): number {
  return typeof size === 'number' && size > 0 ? size : -1;
}

function nodeCountOf({ graph, metadata, graphMissing }: Model): string {
  if (graph === undefined) return `no graph (${graphMissing ?? ''})`;
  const { nodeCount } = metadata;
  return `${typeof nodeCount === 'number' ? nodeCount : graph.nodes.length} nodes`;
}

function tensorJson(tensor: TensorEntry, statistics: StatisticsByName | null): object {
  const { name, shape, elementCount, role } = tensor;
  const header = { name, shape, dtype: tensor.dtypeLabel ?? tensor.dtype, elementCount, role };
  if (statistics === null) return header;
  const found = statistics.get(name);
  if (found === undefined) return { ...header, statistics: null };
  const { min, max, mean, std, zeros, nonFinite, l1, l2, histogram } = found;
  return { ...header, min, max, mean, std, zeros, nonFinite, l1, l2, histogram };
}

function warningsOf(model: Model, statistics: StatisticsByName | null): string[] {
  const nonFinite = [...(statistics ?? [])].filter(([, { nonFinite: count }]) => count > 0);
  return [
    ...model.notices.map((notice) => notice.message),
    ...nonFinite.map(([name, { nonFinite: count }]) => `${name}: ${count} NaN or infinite values`),
  ];
}

const COLUMNS: readonly Column[] = [
  { title: 'tensor', align: 'left' },
  { title: 'shape', align: 'left' },
  { title: 'type', align: 'left' },
  { title: 'min', align: 'right' },
  { title: 'max', align: 'right' },
  { title: 'mean', align: 'right' },
  { title: 'std', align: 'right' },
  { title: 'zeros', align: 'right' },
];

function asText(model: Model, statistics: StatisticsByName | null): string {
  const rows = model.tensors.map((tensor) => {
    const found = statistics?.get(tensor.name);
    const figures =
      found === undefined ? [] : [found.min, found.max, found.mean, found.std].map(formatFigure);
    const zeros = found === undefined ? [] : [formatCount(found.zeros)];
    const type = tensor.dtypeLabel ?? tensor.dtype;
    return [tensor.name, tensor.shape.join('×') || 'scalar', type, ...figures, ...zeros];
  });
  const columns = statistics === null ? COLUMNS.slice(0, 3) : COLUMNS;
  const prunable = model.layers.filter((layer) => layer.prunable).length;
  const facts = [
    model.formatLabel,
    `${formatCount(parameterCount(model))} parameters`,
    formatBytes(modelByteLength(model)),
    `${prunable} of ${model.layers.length} layers prunable`,
    nodeCountOf(model),
  ];
  const warnings = warningsOf(model, statistics).map((warning) => `warning: ${warning}\n`);
  return `${facts.join(' · ')}\n\n${formatTable(columns, rows)}${warnings.join('')}`;
}
