import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe/recipe';
import { unitAxisIn } from '../../core/recipe/unitAxis';
import type { LayerView, TensorView } from '../../protocol/views';
import type { ModelState } from '../model/modelState';
import { NumberText, shapeText } from '../text/numberText';
import { statusText } from './layerItem';
import type { LayerNode } from './layerNodes';
import { layerStatus } from './layerStatus';

/** The statistics of a row, as a hover; absent where there is nothing to add. */
export function layerTooltip(node: LayerNode): vscode.MarkdownString | undefined {
  const { state } = node.session;
  switch (node.kind) {
    case 'model':
      return modelTooltip(node.session.path, state);
    case 'layer':
      return layerText(node.layer, state, node.session.recipe);
    case 'tensor':
      return tensorText(node.tensor, state);
    case 'block':
    case 'loose':
      return undefined;
  }
}

type Row = readonly [label: string, value: string];

function modelTooltip(path: string, { model, failure }: ModelState): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(path).appendMarkdown('**\n\n');
  if (model === null) return text.appendText(failure?.detail ?? '');
  const numbers = new NumberText(vscode.env.language);
  return appendRows(text, [
    [vscode.l10n.t('Format'), model.formatLabel],
    [vscode.l10n.t('Parameters'), numbers.integer(model.parameterCount)],
    [vscode.l10n.t('Size'), numbers.bytes(model.byteLength)],
    [vscode.l10n.t('Types'), model.dtypes.join(', ')],
    [vscode.l10n.t('Layers'), numbers.integer(model.layers.length)],
    [vscode.l10n.t('Tensors'), numbers.integer(model.tensors.length)],
    [
      vscode.l10n.t('Can be run'),
      model.executable ? vscode.l10n.t('yes') : (model.notExecutableBecause ?? vscode.l10n.t('no')),
    ],
  ]);
}

function layerText(layer: LayerView, state: ModelState, recipe: Recipe): vscode.MarkdownString {
  const numbers = new NumberText(vscode.env.language);
  const status = statusText(layerStatus(layer, recipe, state.plan?.plan));
  const text = heading(layer.name, layer.operatorLabel);
  const entry = state.plan?.plan.entries.find(({ layer: name }) => name === layer.name);
  const total = state.model?.parameterCount ?? 0;
  appendRows(text, [
    [vscode.l10n.t('Parameters'), numbers.integer(layer.parameterCount)],
    ...optional(total > 0, (): Row => [
      vscode.l10n.t('Share of model'),
      numbers.percent(layer.parameterCount / total),
    ]),
    ...optional(layer.guessed, (): Row => [
      vscode.l10n.t('Operator'),
      vscode.l10n.t('{0}, guessed from names and shapes', layer.operatorLabel),
    ]),
    ...unitRows(layer, recipe),
    ...optional(status !== '', (): Row => [vscode.l10n.t('Not pruned'), status]),
    ...(entry === undefined
      ? []
      : [
          [
            vscode.l10n.t('Planned'),
            `${numbers.percent(entry.zerosBefore / entry.elementCount)} → ${numbers.percent(entry.zerosAfter / entry.elementCount)}`,
          ] as const,
        ]),
  ]);
  if (layer.weight !== null) appendRows(text, statisticsRows(layer.weight, state));
  return text;
}

function unitRows(layer: LayerView, recipe: Recipe): Row[] {
  const axis = unitAxisIn(layer, recipe);
  if (axis === null || layer.weight === null) return [];
  const count = new NumberText(vscode.env.language).integer(layer.weight.shape[axis] ?? 0);
  const isGuess = layer.guessed && recipe.layers[layer.name]?.unitAxis === undefined;
  const text = isGuess
    ? vscode.l10n.t('{0} on axis {1}, guessed', count, axis)
    : vscode.l10n.t('{0} on axis {1}', count, axis);
  return [[vscode.l10n.t('Units'), text]];
}

function tensorText(tensor: TensorView, state: ModelState): vscode.MarkdownString {
  const text = heading(tensor.name, `${tensor.dtype} ${shapeText(tensor.shape)}`);
  return appendRows(text, statisticsRows(tensor, state));
}

/** Exact where a person may want to compare; absent until the weights were read. */
function statisticsRows(tensor: TensorView, state: ModelState): readonly Row[] {
  const numbers = new NumberText(vscode.env.language);
  const rows: Row[] = [
    [vscode.l10n.t('Shape'), shapeText(tensor.shape)],
    [vscode.l10n.t('Type'), tensor.dtype],
    [vscode.l10n.t('Elements'), numbers.integer(tensor.elementCount)],
  ];
  const statistics = state.statistics.get(tensor.name)?.statistics;
  if (statistics === undefined) return rows;
  const { min, max, mean, std, zeros, nonFinite, l1, l2 } = statistics;
  const decimal = (value: number | null): string => (value === null ? '–' : numbers.decimal(value));
  rows.push(
    [vscode.l10n.t('Range'), `${decimal(min)} … ${decimal(max)}`],
    [vscode.l10n.t('Mean'), decimal(mean)],
    [vscode.l10n.t('Standard deviation'), decimal(std)],
    [
      vscode.l10n.t('Zeros'),
      `${numbers.integer(zeros)} (${numbers.percent(zeros / tensor.elementCount)})`,
    ],
    ['L1', decimal(l1)],
    ['L2', decimal(l2)],
  );
  if (nonFinite > 0) rows.push([vscode.l10n.t('NaN or infinite'), numbers.integer(nonFinite)]);
  return rows;
}

function heading(name: string, kind: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  return text.appendMarkdown('**').appendText(name).appendMarkdown('** ').appendText(`${kind}\n\n`);
}

function appendRows(text: vscode.MarkdownString, rows: readonly Row[]): vscode.MarkdownString {
  if (rows.length === 0) return text;
  text.appendMarkdown('\n\n| | |\n|:--|--:|\n');
  for (const [label, value] of rows) text.appendMarkdown(`| ${cell(label)} | ${cell(value)} |\n`);
  return text;
}

/** Names come from files: nothing in them may act as Markdown. */
function cell(value: string): string {
  return new vscode.MarkdownString()
    .appendText(value)
    .value.replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
}

function optional<T>(condition: boolean, make: () => T): T[] {
  return condition ? [make()] : [];
}
