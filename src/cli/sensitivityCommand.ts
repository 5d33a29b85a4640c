import { measureSensitivity } from '../core/sweep/measureSensitivity';
import { DEFAULT_LEVELS, type SensitivityResult } from '../core/sweep/sensitivity';
import { sensitivityCsv } from '../core/sweep/sweepCsv';
import type { Command } from './command';
import { useEngineOption } from './engineOption';
import { filesRead } from './filesRead';
import { formatCount, formatShare } from './formatNumber';
import { modelPath, sweepPorts } from './modelArguments';
import { numberList } from './numberList';
import { parseArguments, textOption } from './options';
import { formatMeasure } from './printEvaluation';
import { recipeFromOptions } from './recipeFromOptions';
import { MEASURED_OPTIONS } from './sweepOptions';
import { type Column, formatTable } from './table';
import { writeTables } from './writeTables';

const OPTIONS = {
  ...MEASURED_OPTIONS,
  criterion: { type: 'string' },
  levels: { type: 'string' },
} as const;

/** `sensitivity FILE data`: what the model loses where each layer alone is pruned. */
export const sensitivityCommand: Command = {
  async run(args, { control, signal }) {
    const { values, positionals } = parseArguments(args, OPTIONS);
    useEngineOption(values);
    const recipe = await recipeFromOptions(values);
    const request = {
      path: modelPath(positionals, recipe, 'sensitivity'),
      recipe,
      levels: numberList(values, 'levels') ?? DEFAULT_LEVELS,
    };
    const outputs = { json: textOption(values, 'out'), csv: textOption(values, 'csv') };
    const inputs = await filesRead(values, recipe, request.path);
    const result = await writeTables(outputs, inputs, async () => {
      const found = await measureSensitivity(request, sweepPorts(signal), control);
      return { result: found, json: `${JSON.stringify(found)}\n`, csv: sensitivityCsv(found) };
    });
    process.stdout.write(
      values['json'] === true ? `${JSON.stringify(result)}\n` : sensitivityText(result),
    );
  },
};

/** Layers down, levels across. */
function sensitivityText({ metric, samples, baseline, layers }: SensitivityResult): string {
  const levels = layers[0]?.points.map(({ sparsity }) => sparsity) ?? [];
  const columns: readonly Column[] = [
    { title: 'layer', align: 'left' },
    { title: 'weights', align: 'right' },
    ...levels.map((level) => ({ title: formatShare(level), align: 'right' as const })),
  ];
  const rows = layers.map(({ layer, elementCount, points }) => [
    layer,
    formatCount(elementCount),
    ...points.map(({ value }) => formatMeasure(metric, value)),
  ]);
  const before = formatMeasure(metric, baseline.accuracy ?? baseline.loss);
  const heading = `${metric} on ${formatCount(samples)} samples where one layer alone is pruned; the model as it is: ${before}\n\n`;
  return `${heading}${formatTable(columns, rows)}`;
}
