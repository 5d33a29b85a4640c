import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { unitAxisIn, type UnitChoices } from '../../../src/core/recipe/unitAxis';
import type { ConstantUnits } from '../../../src/core/statistics/constantUnits';
import type { CodesView, LayerView, StoredTensorView } from '../../../src/protocol/views';
import { countText, significantText } from '../../format/numbers';
import { unitAxisChoice } from '../../views/unitAxisChoice';
import type { TensorRow } from '../state/selectTensors';
import { inspectorPane } from './inspectorPane';
import type { InspectorUi } from './inspectorUi';
import { operatorText } from './tensorWords';

type Fact = readonly [name: string, value: string];

/** What the selected tensor belongs to, and where and how its bytes lie. */
export function tensorFacts(ui: InspectorUi, { index, tensor, layer }: TensorRow): TemplateResult {
  const units = ui.state.figures.get(index)?.constantUnits ?? null;
  const choices = ui.state.units;
  const facts = [...layerFacts({ tensor, layer, units, choices }), ...storageFacts(tensor)];
  return inspectorPane(ui, {
    id: 'facts',
    title: l10n.t('Layer and Storage'),
    body: html`${unitsChoice(ui, tensor, layer)}
      <dl class="facts-list">
        ${facts.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd title=${value}>${value}</dd>`,
        )}
      </dl>`,
  });
}

/** Where the units of a guessed layer lie, for the weight that counts them. */
function unitsChoice(
  ui: InspectorUi,
  tensor: StoredTensorView,
  layer: LayerView | null,
): TemplateResult | typeof nothing {
  if (layer?.weight?.name !== tensor.name) return nothing;
  return unitAxisChoice({
    layer,
    choices: ui.state.units,
    disabled: false,
    onChoose: (axis) => ui.dispatch({ type: 'chooseUnitAxis', layer: layer.name, axis }),
  });
}

interface LayerKnowledge {
  readonly tensor: StoredTensorView;
  readonly layer: LayerView | null;
  readonly units: ConstantUnits | null;
  readonly choices: UnitChoices;
}

function layerFacts({ tensor, layer, units, choices }: LayerKnowledge): Fact[] {
  const role: Fact[] =
    tensor.role === 'optimizer' ? [[l10n.t('Role'), l10n.t('Optimizer state')]] : [];
  if (layer === null) return role;
  const facts: Fact[] = [...role, [l10n.t('Layer'), layer.name]];
  facts.push([l10n.t('Operator'), operatorText(layer)]);
  const axis = unitAxisIn(layer, choices);
  if (layer.weight?.name === tensor.name && axis !== null) {
    facts.push([l10n.t('Units'), unitsText(layer, axis, choices)]);
  }
  // They were looked for along the axis of the guess.
  if (axis !== layer.unitAxis) return facts;
  if (units !== null && units.constant > 0) {
    const indices = units.examples.join(', ');
    const more = units.constant > units.examples.length ? ', …' : '';
    facts.push([
      l10n.t('Constant units'),
      l10n.t('{0}, of them {1} zero: {2}', units.constant, units.zero, indices + more),
    ]);
  }
  return facts;
}

function unitsText(layer: LayerView, axis: number, choices: UnitChoices): string {
  const count = countText(layer.weight?.shape[axis] ?? 0);
  const isGuess = layer.guessed && choices.layers[layer.name]?.unitAxis === undefined;
  return isGuess
    ? l10n.t('{0} on axis {1}, guessed', count, axis)
    : l10n.t('{0} on axis {1}', count, axis);
}

function storageFacts({ storage, dtype, shape }: StoredTensorView): Fact[] {
  const { byteLength, elementType, file, byteOffset, pieceCount, codes } = storage;
  const facts: Fact[] = [[l10n.t('Size'), l10n.t('{0} bytes', countText(byteLength))]];
  if (file !== null) facts.push([l10n.t('File'), file]);
  if (byteOffset !== null) {
    const at = countText(byteOffset);
    facts.push([
      l10n.t('Byte offset'),
      pieceCount === 1 ? at : l10n.t('{0}, in {1} pieces', at, countText(pieceCount)),
    ]);
  }
  facts.push([
    l10n.t('Stored as'),
    elementType === dtype ? elementType : l10n.t('{0}, read as {1}', elementType, dtype),
  ]);
  const order = storage.littleEndian ? l10n.t('little-endian') : l10n.t('big-endian');
  if (byteLength > countOf(shape)) facts.push([l10n.t('Byte order'), order]);
  facts.push([l10n.t('Storage order'), orderText(storage.axisOrder)]);
  if (codes !== null) facts.push([l10n.t('Codes'), codesText(codes)]);
  return facts;
}

/** More bytes than elements: then they have an order. */
function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function orderText(axes: readonly number[] | null): string {
  if (axes === null) return l10n.t('C, last axis fastest');
  const isFortran = axes.every((axis, i) => axis === axes.length - 1 - i);
  return isFortran
    ? l10n.t('Fortran, first axis fastest')
    : l10n.t('axes {0}, slowest first', axes.join(', '));
}

function codesText({ scaleCount, scale, zeroPoint, axis }: CodesView): string {
  const one = l10n.t(
    'scale {0}, zero point {1}',
    significantText(scale),
    significantText(zeroPoint),
  );
  if (scaleCount === 1) return one;
  const many = countText(scaleCount);
  return axis === null
    ? l10n.t('{0} scales, the first: {1}', many, one)
    : l10n.t('{0} scales along axis {1}, the first: {2}', many, axis, one);
}
