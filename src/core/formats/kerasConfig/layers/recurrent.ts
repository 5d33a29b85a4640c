import type { RecurrentOperator } from '../../../graph/operators/recurrent';
import { kerasActivation } from '../../../graph/kerasActivations';
import { readActivationFunction } from '../activations';
import type { ConfigFields } from '../configFields';
import type { LayerContext, LayerFunction } from '../layerContext';
import type { LayerWeights } from '../layerWeights';
import { tensorsIn } from '../inboundNodes';
import { MAX_STACKED_CELLS } from '../limits';
import { toSnakeCase } from '../toSnakeCase';
import { innerLayer } from './innerLayer';

type Cell = RecurrentOperator['cell'];

const CELLS: Readonly<Record<string, Cell>> = {
  SimpleRNN: 'simple',
  SimpleRNNCell: 'simple',
  GRU: 'gru',
  GRUCell: 'gru',
  LSTM: 'lstm',
  LSTMCell: 'lstm',
};

const GATES: Readonly<
  Record<Cell, { readonly order: RecurrentOperator['gateOrder']; count: number }>
> = {
  simple: { order: 'h', count: 1 },
  gru: { order: 'zrh', count: 3 },
  lstm: { order: 'ifco', count: 4 },
};

/** A cell with its settings and where its variables are. */
interface CellSource {
  readonly cell: Cell;
  readonly config: ConfigFields;
  readonly weights: LayerWeights;
}

/** What a cell, or a stack of them, makes of a sequence. */
interface Sequence {
  readonly sequence: string;
  readonly states: readonly string[];
}

/** SimpleRNN, GRU and LSTM, whose cell is the layer itself. */
function recurrent(cell: Cell): LayerFunction {
  return (layer) => emitRecurrent(layer, [{ cell, config: layer.config, weights: layer.weights }]);
}

/** RNN of a cell, or of several stacked on one another. */
const cellsOfRnn: LayerFunction = (layer) => {
  const inner = innerLayer(layer.config, 'cell');
  if (inner.className !== 'StackedRNNCells') {
    return emitRecurrent(layer, [cellSource(layer, inner, layer.weights)]);
  }
  const list = inner.config.list('cells');
  if (list.length === 0 || list.length > MAX_STACKED_CELLS) {
    throw inner.config.bad('cells', `1 to ${MAX_STACKED_CELLS} cells`);
  }
  const sources = list.map((cell, i) => innerLayer(inner.config, `cells[${i}]`, cell));
  const parts = cellParts(layer, sources);
  const cells = sources.map((source, i) =>
    cellSource(layer, source, layer.weights.part(parts[i] ?? '')),
  );
  return emitRecurrent(layer, cells);
};

/**
 * What each cell's variables are kept below: its own name, or the class in snake case with the number among those of
 * its class; else its place among all of them.
 * Source: the names that saving_lib.py of Keras 3.15 gives the items of a list.
 */
function cellParts(
  layer: LayerContext,
  cells: readonly ReturnType<typeof innerLayer>[],
): readonly string[] {
  const paths = layer.weights.partsHolding('recurrent_kernel');
  const parts = paths.map((path) => path.split('/').at(-1) ?? '');
  const counts = new Map<string, number>();
  return cells.map(({ className, config }, i) => {
    const count = counts.get(className) ?? 0;
    counts.set(className, count + 1);
    const word = toSnakeCase(className);
    const own = [count === 0 ? word : `${word}_${count}`, config.string('name', word)];
    return own.find((name) => parts.includes(name)) ?? parts[i] ?? '';
  });
}

function cellSource(
  layer: LayerContext,
  { className, config }: ReturnType<typeof innerLayer>,
  weights: LayerWeights,
): CellSource {
  const cell = Object.hasOwn(CELLS, className) ? CELLS[className] : undefined;
  if (cell === undefined) {
    throw layer.unsupported(`the cell ${className}`, 'SimpleRNNCell, GRUCell, LSTMCell');
  }
  return { cell, config, weights };
}

/** Source: RNN.call of Keras 3.15. */
function emitRecurrent(layer: LayerContext, cells: readonly CellSource[]): readonly string[] {
  const { config } = layer;
  if (config.boolean('time_major', false)) throw layer.unsupported('time_major', 'the batch first');
  const [x, ...given] = layer.assertInputCount(1);
  const initial = layer.argument(1, 'initial_state');
  const states = initial === undefined ? given : tensorsIn(initial);
  const mask = layer.maskBeside(x, states);
  const backwards = config.boolean('go_backwards', false);
  const turned = (value: string): string => (backwards ? layer.reverse(value, 1) : value);
  const turnedMask = mask === null ? null : turned(mask);
  const result = runCells(layer, cells, { x: turned(x), states, mask: turnedMask });
  const returnsSequences = config.boolean('return_sequences', false);
  const output = returnsSequences
    ? maskedSequence(layer, result.sequence, turnedMask)
    : lastOutput(layer, cells, result, turnedMask);
  if (returnsSequences) layer.setMask(output, layer.maskOf(x));
  return config.boolean('return_state', false) ? [output, ...result.states] : [output];
}

/** The hidden state of the last cell, which stays where a step does not count. */
function lastOutput(
  layer: LayerContext,
  cells: readonly CellSource[],
  { sequence, states }: Sequence,
  mask: string | null,
): string {
  const last = cells.at(-1)?.cell === 'lstm' ? states.at(-2) : states.at(-1);
  if (last === undefined) throw layer.unsupported('no cells', 'one or more');
  if (mask === null || !layer.config.boolean('zero_output_for_mask', false)) {
    return layer.emit({ kind: 'identity' }, [last]);
  }
  const zeroed = maskedSequence(layer, sequence, mask);
  const [, time = -1] = layer.shape(zeroed);
  if (time < 0) throw layer.unsupported('zero_output_for_mask of open length', 'a known length');
  const operator = {
    kind: 'slice',
    axes: [1],
    starts: [time - 1],
    sizes: [1],
    steps: [1],
  } as const;
  return layer.squeeze(layer.emit(operator, [zeroed]), [1]);
}

/** Steps that do not count give zeros, where the layer is told so. */
function maskedSequence(layer: LayerContext, sequence: string, mask: string | null): string {
  if (mask === null || !layer.config.boolean('zero_output_for_mask', false)) return sequence;
  return layer.select(layer.expandDims(mask, 2), sequence, layer.scalar(0));
}

interface CellInputs {
  readonly x: string;
  /** All cells' initial states one after the other; empty: zeros. */
  readonly states: readonly string[];
  readonly mask: string | null;
}

function runCells(
  layer: LayerContext,
  cells: readonly CellSource[],
  { x, states, mask }: CellInputs,
): Sequence {
  let sequence = x;
  let used = 0;
  const last: string[] = [];
  const needed = cells.reduce((sum, { cell }) => sum + stateCount(cell), 0);
  if (states.length > 0 && states.length !== needed) {
    throw layer.unsupported(`${states.length} initial states`, `none or ${needed}`);
  }
  for (const source of cells) {
    const count = stateCount(source.cell);
    const own = states.slice(used, used + count);
    const [made = sequence, ...after] = emitCell(layer, source, { x: sequence, states: own, mask });
    sequence = made;
    last.push(...after);
    used += count;
  }
  return { sequence, states: last };
}

function stateCount(cell: Cell): number {
  return cell === 'lstm' ? 2 : 1;
}

function emitCell(
  layer: LayerContext,
  source: CellSource,
  { x, states, mask }: CellInputs,
): readonly string[] {
  const { cell, config, weights } = source;
  const operator = cellOperator(layer, source);
  const { units } = operator;
  const width = GATES[cell].count * units;
  const kernel = weights.require('kernel', [null, width], 'units');
  const recurrentKernel = weights.require('recurrent_kernel', [units, width], 'units');
  const biasShape = operator.resetAfter ? [2, width] : [width];
  const bias = config.boolean('use_bias', true)
    ? layer.parameter(weights.require('bias', biasShape, 'units, reset_after'))
    : null;
  const [hidden = null, cellState = null] = states;
  const inputs = [x, layer.parameter(kernel), layer.parameter(recurrentKernel), bias];
  return layer.emitAll(operator, [...inputs, hidden, cellState, mask], 1 + stateCount(cell));
}

function cellOperator(layer: LayerContext, { cell, config }: CellSource): RecurrentOperator {
  const { generation } = layer.source;
  const activation = (field: string, fallback: string) => {
    const found = config.has(field)
      ? readActivationFunction(config, generation, field)
      : namedActivation(layer, fallback);
    if (found === null) throw layer.unsupported(`a custom ${field}`, 'functions of Keras');
    return found;
  };
  const candidate = activation('activation', 'tanh');
  const gate = generation === 3 ? 'sigmoid' : 'hard_sigmoid';
  return {
    kind: 'recurrent',
    cell,
    form: 'keras',
    units: config.count('units'),
    gateOrder: GATES[cell].order,
    directions: [
      {
        reverse: false,
        activation: candidate,
        outputActivation: candidate,
        gateActivation: cell === 'simple' ? candidate : activation('recurrent_activation', gate),
      },
    ],
    batchFirst: true,
    resetAfter: cell === 'gru' && config.boolean('reset_after', generation === 3),
    clip: null,
  };
}

function namedActivation(layer: LayerContext, name: string) {
  return kerasActivation(name, layer.source.generation);
}

export const recurrentLayers: Readonly<Record<string, LayerFunction>> = {
  SimpleRNN: recurrent('simple'),
  GRU: recurrent('gru'),
  LSTM: recurrent('lstm'),
  RNN: cellsOfRnn,
};
