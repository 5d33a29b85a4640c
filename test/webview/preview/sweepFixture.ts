import type { Criterion } from '../../../src/core/criteria/criterion';
import type { SensitivityResult } from '../../../src/core/sweep/sensitivity';
import type { CutFigures, SweepPoint, SweepResult } from '../../../src/core/sweep/sweep';
import type { SweepRun } from '../../../src/protocol/hostWebview';

const SPARSITIES = [0.5, 0.6, 0.7, 0.8, 0.9];
const SAMPLES = 1000;
const BASELINE = 0.963;

/** Accuracies of curves as they look, by criterion. */
const CURVES: Readonly<Partial<Record<Criterion, readonly number[]>>> = {
  magnitude: [0.961, 0.957, 0.949, 0.938, 0.71],
  lamp: [0.962, 0.96, 0.958, 0.941, 0.79],
  taylor: [0.961, 0.959, 0.952, 0.948, 0.86],
  random: [0.81, 0.55, 0.31, 0.18, 0.1],
  wanda: [0.962, 0.958, 0.955, 0.944, 0.83],
};

/** The outcome of a comparison of five criteria, one of which cannot be used. */
export function sweepFixture(revision: number): SweepRun {
  const criteria = Object.entries(CURVES).map(([criterion, values]) => ({
    criterion: criterion as Criterion,
    granularity: 'weight' as const,
    seeds: [{ seed: 0, samples: null, points: values.map((value, i) => point(i, value)) }],
  }));
  const failed = {
    criterion: 'grasp' as const,
    granularity: 'weight' as const,
    seeds: [],
    problem: 'grasp needs second derivatives: found LSTM in layer lstm; supported is none of it',
  };
  const best = {
    criterion: 'taylor',
    granularity: 'weight',
    sparsity: 0.6,
    value: 0.959,
    seed: 0,
  } as const;
  const lamp = {
    criterion: 'lamp',
    granularity: 'weight',
    sparsity: 0.7,
    value: 0.958,
    seed: 0,
  } as const;
  const result: SweepResult = {
    metric: 'accuracy',
    samples: SAMPLES,
    engine: 'TensorFlow.js wasm (SIMD)',
    baseline: figuresOf(BASELINE),
    criteria: [...criteria, failed],
    bounds: { accuracyDrop: 0.01 },
    best: lamp,
    bestOfEach: [best, lamp],
  };
  const methods = result.criteria.map(({ criterion }) => ({ criterion }));
  return { methods, sparsities: SPARSITIES, bounds: {}, parts: [], result, revision };
}

/** Sensitivities of the layers of LeNet-5, as they look. */
export function sensitivityFixture(): SensitivityResult {
  const layers = ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'].map((layer, index) => ({
    layer,
    tensors: [`${layer}/kernel`],
    elementCount: 1000,
    points: SPARSITIES.map((sparsity) => ({
      sparsity,
      ...cutOf(BASELINE - ((5 - index) * (sparsity - 0.4) ** 3 * 4) / 5),
    })),
  }));
  return {
    criterion: 'magnitude',
    granularity: 'weight',
    metric: 'accuracy',
    samples: SAMPLES,
    engine: 'TensorFlow.js wasm (SIMD)',
    baseline: figuresOf(BASELINE),
    layers,
  };
}

function figuresOf(accuracy: number): SweepResult['baseline'] {
  const loss = -Math.log(accuracy);
  const interval = { low: accuracy - 0.01, high: accuracy + 0.01 };
  return { accuracy, loss, intervals: { accuracy: interval, loss: { low: loss, high: loss } } };
}

function point(index: number, value: number): SweepPoint {
  return {
    sparsity: SPARSITIES[index] ?? 0,
    ...cutOf(value),
    sizes: { raw: 246_000, packed: 130_000 },
  };
}

function cutOf(value: number): CutFigures {
  const half = 2 * Math.sqrt((value * (1 - value)) / SAMPLES);
  const interval = { low: value - half, high: Math.min(1, value + half) };
  const difference = value - BASELINE;
  return {
    metric: 'accuracy',
    value,
    interval,
    loss: -Math.log(value),
    lossInterval: { low: 0, high: 1 },
    accuracy: value,
    correct: Math.round(value * SAMPLES),
    difference: {
      measure: 'accuracy',
      difference,
      interval: { low: difference - half, high: difference + half },
      test: { method: 'mcnemar-exact', pValue: 0.2, discordant: { onlyBefore: 4, onlyAfter: 1 } },
    },
    zeros: 600,
    elementCount: 1000,
  };
}
