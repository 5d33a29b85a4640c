import * as vscode from 'vscode';
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
      return layerText(node.layer, state, statusText(layerStatus(node.layer, node.session.recipe)));
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
  const { t } = vscode.l10n;
  return appendRows(text, [
    [t('Format'), model.formatLabel],
    [t('Parameters'), numbers.integer(model.parameterCount)],
    [t('Size'), numbers.bytes(model.byteLength)],
    [t('Types'), model.dtypes.join(', ')],
    [t('Layers'), numbers.integer(model.layers.length)],
    [t('Tensors'), numbers.integer(model.tensors.length)],
    [t('Can be run'), model.executable ? t('yes') : (model.notExecutableBecause ?? t('no'))],
  ]);
}

function layerText(layer: LayerView, state: ModelState, status: string): vscode.MarkdownString {
  const numbers = new NumberText(vscode.env.language);
  const { t } = vscode.l10n;
  const text = heading(layer.name, layer.operatorLabel);
  const entry = state.plan?.plan.entries.find(({ layer: name }) => name === layer.name);
  const total = state.model?.parameterCount ?? 0;
  appendRows(text, [
    [t('Parameters'), numbers.integer(layer.parameterCount)],
    ...optional(total > 0, (): Row => [
      t('Share of model'),
      numbers.percent(layer.parameterCount / total),
    ]),
    ...optional(status !== '', (): Row => [t('Not pruned'), status]),
    ...(entry === undefined
      ? []
      : [
          [
            t('Planned'),
            `${numbers.percent(entry.zerosBefore / entry.elementCount)} → ${numbers.percent(entry.zerosAfter / entry.elementCount)}`,
          ] as const,
        ]),
  ]);
  if (layer.weight !== null) appendRows(text, statisticsRows(layer.weight, state));
  return text;
}

function tensorText(tensor: TensorView, state: ModelState): vscode.MarkdownString {
  const text = heading(tensor.name, `${tensor.dtype} ${shapeText(tensor.shape)}`);
  return appendRows(text, statisticsRows(tensor, state));
}

/** Exact where a person may want to compare; absent until the weights were read. */
function statisticsRows(tensor: TensorView, state: ModelState): readonly Row[] {
  const numbers = new NumberText(vscode.env.language);
  const { t } = vscode.l10n;
  const rows: Row[] = [
    [t('Shape'), shapeText(tensor.shape)],
    [t('Type'), tensor.dtype],
    [t('Elements'), numbers.integer(tensor.elementCount)],
  ];
  const statistics = state.statistics.get(tensor.name)?.statistics;
  if (statistics === undefined) return rows;
  const { min, max, mean, std, zeros, nonFinite, l1, l2 } = statistics;
  const decimal = (value: number | null): string => (value === null ? '–' : numbers.decimal(value));
  rows.push(
    [t('Range'), `${decimal(min)} … ${decimal(max)}`],
    [t('Mean'), decimal(mean)],
    [t('Standard deviation'), decimal(std)],
    [t('Zeros'), `${numbers.integer(zeros)} (${numbers.percent(zeros / tensor.elementCount)})`],
    ['L1', decimal(l1)],
    ['L2', decimal(l2)],
  );
  if (nonFinite > 0) rows.push([t('NaN or infinite'), numbers.integer(nonFinite)]);
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
