import type { ActivationFunction } from '../../core/graph/operators/activation';
import type { RecurrentDirection, RecurrentOperator } from '../../core/graph/operators/recurrent';
import { referenceActivation } from './referenceActivation';
import { at, build, range, type ReferenceArray, required, sum } from './referenceArray';

type Inputs = readonly (ReferenceArray | null)[];
type Vector = readonly number[];

/** Reads weights and values of one direction, whatever the form. */
interface Reader {
  readonly x: (time: number, batch: number) => Vector;
  /** The weight from an input to a unit of a gate. */
  readonly kernel: (input: number, gate: number) => number;
  readonly recurrentKernel: (unit: number, gate: number) => number;
  readonly inputBias: (gate: number) => number;
  readonly recurrentBias: (gate: number) => number;
  readonly initial: (state: 0 | 1, batch: number, unit: number) => number;
  readonly isMasked: (time: number, batch: number) => boolean;
}

interface Sizes {
  readonly time: number;
  readonly batch: number;
}

/** By [direction][batch]. */
interface Trace {
  /** By time. */
  readonly outputs: readonly Vector[];
  readonly states: readonly Vector[];
}

/** Definitions: ONNX operators RNN, GRU, LSTM as ONNX Runtime has them; keras.layers.RNN for masks. */
export function referenceRecurrent(
  operator: RecurrentOperator,
  inputs: Inputs,
): readonly ReferenceArray[] {
  const { shape } = required(inputs, 0);
  const [first = 0, second = 0] = shape;
  const isBatchFirst = operator.form === 'keras' || operator.batchFirst;
  const sizes = isBatchFirst ? { batch: first, time: second } : { batch: second, time: first };
  const traces = operator.directions.map((direction, index) => {
    const reader = readerOf(operator, inputs, index);
    return range(sizes.batch).map((batch) =>
      follow(operator, direction, reader, { batch, time: sizes.time }),
    );
  });
  return arrange(operator, traces, sizes);
}

function arrange(
  operator: RecurrentOperator,
  traces: readonly (readonly Trace[])[],
  { time, batch }: Sizes,
): readonly ReferenceArray[] {
  const { units, batchFirst, form } = operator;
  const stateCount = operator.cell === 'lstm' ? 2 : 1;
  const output = (d: number, t: number, b: number, u: number): number =>
    traces[d]?.[b]?.outputs[t]?.[u] ?? NaN;
  const state = (i: number, d: number, b: number, u: number): number =>
    traces[d]?.[b]?.states[i]?.[u] ?? NaN;
  if (form === 'keras') {
    return [
      build([batch, time, units], 'float32', ([b = 0, t = 0, u = 0]) => output(0, t, b, u)),
      ...range(stateCount).map((i) =>
        build([batch, units], 'float32', ([b = 0, u = 0]) => state(i, 0, b, u)),
      ),
    ];
  }
  const count = traces.length;
  return [
    batchFirst
      ? build([batch, time, count, units], 'float32', ([b = 0, t = 0, d = 0, u = 0]) =>
          output(d, t, b, u),
        )
      : build([time, count, batch, units], 'float32', ([t = 0, d = 0, b = 0, u = 0]) =>
          output(d, t, b, u),
        ),
    ...range(stateCount).map((i) =>
      batchFirst
        ? build([batch, count, units], 'float32', ([b = 0, d = 0, u = 0]) => state(i, d, b, u))
        : build([count, batch, units], 'float32', ([d = 0, b = 0, u = 0]) => state(i, d, b, u)),
    ),
  ];
}

function readerOf(operator: RecurrentOperator, inputs: Inputs, direction: number): Reader {
  const [x, kernel, recurrent] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)];
  const [bias = null, hidden = null, cell = null, mask = null] = inputs.slice(3);
  const isKeras = operator.form === 'keras';
  const features = range(x.shape[2] ?? 0);
  const gates = (isKeras ? recurrent.shape[1] : recurrent.shape[1]) ?? 0;
  const biasAt = (part: 0 | 1, gate: number): number => {
    if (bias === null) return 0;
    if (!isKeras) return at(bias, [direction, part * gates + gate]);
    if (bias.shape.length === 2) return at(bias, [part, gate]);
    return part === 0 ? at(bias, [gate]) : 0;
  };
  return {
    x: (time, batch) =>
      features.map((i) =>
        at(x, isKeras || operator.batchFirst ? [batch, time, i] : [time, batch, i]),
      ),
    kernel: (input, gate) => at(kernel, isKeras ? [input, gate] : [direction, gate, input]),
    recurrentKernel: (unit, gate) =>
      at(recurrent, isKeras ? [unit, gate] : [direction, gate, unit]),
    inputBias: (gate) => biasAt(0, gate),
    recurrentBias: (gate) => biasAt(1, gate),
    initial: (state, batch, unit) => {
      const given = state === 0 ? hidden : cell;
      if (given === null) return 0;
      if (isKeras) return at(given, [batch, unit]);
      return at(given, operator.batchFirst ? [batch, direction, unit] : [direction, batch, unit]);
    },
    isMasked: (time, batch) => mask !== null && at(mask, [batch, time]) === 0,
  };
}

/** One sample through time. */
function follow(
  operator: RecurrentOperator,
  direction: RecurrentDirection,
  reader: Reader,
  { batch, time }: Sizes,
): Trace {
  const units = range(operator.units);
  const initial = (state: 0 | 1): Vector => units.map((unit) => reader.initial(state, batch, unit));
  let states = operator.cell === 'lstm' ? [initial(0), initial(1)] : [initial(0)];
  const zeros: Vector = units.map(() => 0);
  let output = zeros;
  const outputs: Vector[] = [];
  const times = direction.reverse ? range(time).toReversed() : range(time);
  for (const t of times) {
    if (!reader.isMasked(t, batch)) {
      states = step(operator, direction, reader, { x: reader.x(t, batch), states });
      output = states[0] ?? [];
    }
    const isUncounted = operator.form === 'onnx' && reader.isMasked(t, batch);
    outputs[t] = isUncounted ? zeros : output;
  }
  return { outputs, states };
}

interface StepInputs {
  readonly x: Vector;
  readonly states: readonly Vector[];
}

function step(
  operator: RecurrentOperator,
  direction: RecurrentDirection,
  reader: Reader,
  { x, states }: StepInputs,
): Vector[] {
  const units = range(operator.units);
  const [h = [], c = []] = states;
  const gateOf = (letter: string, unit: number): number =>
    operator.gateOrder.indexOf(letter) * operator.units + unit;
  const fromInput = (letter: string, unit: number): number => {
    const gate = gateOf(letter, unit);
    return sum(x.map((value, i) => value * reader.kernel(i, gate))) + reader.inputBias(gate);
  };
  const fromState = (letter: string, unit: number, state: Vector): number => {
    const gate = gateOf(letter, unit);
    return (
      sum(state.map((value, i) => value * reader.recurrentKernel(i, gate))) +
      reader.recurrentBias(gate)
    );
  };
  const activate = (activation: ActivationFunction, value: number): number =>
    activateClipped(activation, value, operator.clip);
  const gate = (letter: string, unit: number): number =>
    activate(direction.gateActivation, fromInput(letter, unit) + fromState(letter, unit, h));
  const candidate = (letter: string, unit: number): number =>
    activate(direction.activation, fromInput(letter, unit) + fromState(letter, unit, h));
  switch (operator.cell) {
    case 'simple':
      return [units.map((unit) => candidate('h', unit))];
    case 'lstm': {
      const cell = units.map(
        (unit) => gate('f', unit) * (c[unit] ?? 0) + gate('i', unit) * candidate('c', unit),
      );
      const hidden = units.map(
        (unit) =>
          gate('o', unit) * activateClipped(direction.outputActivation, cell[unit] ?? 0, null),
      );
      return [hidden, cell];
    }
    case 'gru': {
      const reset = units.map((unit) => gate('r', unit));
      const resetState = h.map((value, i) => value * (reset[i] ?? 0));
      const next = units.map((unit) => {
        const recurrent = operator.resetAfter
          ? (reset[unit] ?? 0) * fromState('h', unit, h)
          : fromState('h', unit, resetState);
        const proposed = activate(direction.activation, fromInput('h', unit) + recurrent);
        const update = gate('z', unit);
        return (1 - update) * proposed + update * (h[unit] ?? 0);
      });
      return [next];
    }
  }
}

function activateClipped(
  activation: ActivationFunction,
  value: number,
  clip: number | null,
): number {
  const kept = clip === null ? value : Math.min(Math.max(value, -clip), clip);
  const [made = NaN] = referenceActivation(activation, {
    shape: [1],
    type: 'float32',
    values: Float64Array.of(kept),
  }).values;
  return made;
}
