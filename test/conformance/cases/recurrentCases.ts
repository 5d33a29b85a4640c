import type { ActivationFunction } from '../../../src/core/graph/operators/activation';
import type {
  RecurrentDirection,
  RecurrentOperator,
} from '../../../src/core/graph/operators/recurrent';
import type { ReferenceArray } from '../../../src/engines/reference/referenceArray';
import type { MakeCase } from '../conformanceCase';
import type { Draw } from '../draw';

const CELLS = ['simple', 'gru', 'lstm'] as const;
const GATES = { simple: 1, gru: 3, lstm: 4 } as const;
const ACTIVATIONS: readonly ActivationFunction[] = [
  { name: 'tanh' },
  { name: 'sigmoid' },
  { name: 'softsign' },
  { name: 'relu', max: null, negativeSlope: 0.1, threshold: 0 },
  { name: 'softplus' },
];
const GATE_ACTIVATIONS: readonly ActivationFunction[] = [
  { name: 'sigmoid' },
  { name: 'hardSigmoid', slope: 0.2, offset: 0.5 },
];

export const recurrentCase: MakeCase<'recurrent'> = (draw, index) => {
  const cell = CELLS[index % CELLS.length] ?? 'simple';
  const form = Math.floor(index / CELLS.length) % 2 === 0 ? 'keras' : 'onnx';
  const count = form === 'onnx' ? draw.integer(1, 2) : 1;
  const operator: RecurrentOperator = {
    kind: 'recurrent',
    cell,
    form,
    units: draw.integer(1, 4),
    gateOrder: gateOrder(draw, cell),
    directions: Array.from({ length: count }, () => drawDirection(draw)),
    batchFirst: form === 'keras' || draw.chance(0.4),
    resetAfter: draw.chance(0.5),
    clip: draw.chance(0.2) ? 0.8 : null,
  };
  const sizes = {
    batch: draw.integer(1, 3),
    time: draw.integer(1, 5),
    features: draw.integer(1, 4),
  };
  return { operator, inputs: drawInputs(draw, operator, sizes) };
};

function gateOrder(draw: Draw, cell: RecurrentOperator['cell']): RecurrentOperator['gateOrder'] {
  if (cell === 'simple') return 'h';
  return cell === 'gru' ? 'zrh' : draw.pick(['ifco', 'iofc'] as const);
}

function drawDirection(draw: Draw): RecurrentDirection {
  const usual = draw.chance(0.5);
  return {
    reverse: draw.chance(0.5),
    activation: usual ? { name: 'tanh' } : draw.pick(ACTIVATIONS),
    outputActivation: usual ? { name: 'tanh' } : draw.pick(ACTIVATIONS),
    gateActivation: usual ? { name: 'sigmoid' } : draw.pick(GATE_ACTIVATIONS),
  };
}

interface Sizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
}

function drawInputs(
  draw: Draw,
  operator: RecurrentOperator,
  { batch, time, features }: Sizes,
): readonly (ReferenceArray | null)[] {
  const { units, form, cell } = operator;
  const gates = GATES[cell] * units;
  const count = operator.directions.length;
  const isKeras = form === 'keras';
  const stateShape = isKeras
    ? [batch, units]
    : operator.batchFirst
      ? [batch, count, units]
      : [count, batch, units];
  const hasState = draw.chance(0.5);
  const state = (): ReferenceArray => draw.floats(stateShape, -1, 1);
  const kernels = isKeras
    ? [draw.floats([features, gates], -1, 1), draw.floats([units, gates], -1, 1)]
    : [draw.floats([count, gates, features], -1, 1), draw.floats([count, gates, units], -1, 1)];
  return [
    draw.floats(operator.batchFirst ? [batch, time, features] : [time, batch, features]),
    ...kernels,
    draw.maybe(() => draw.floats(biasShape(operator, gates), -1, 1)),
    hasState ? state() : null,
    hasState && cell === 'lstm' ? state() : null,
    draw.chance(0.3) ? draw.bools([batch, time]) : null,
  ];
}

function biasShape(
  { form, cell, resetAfter, directions }: RecurrentOperator,
  gates: number,
): number[] {
  if (form === 'onnx') return [directions.length, 2 * gates];
  return cell === 'gru' && resetAfter ? [2, gates] : [gates];
}
