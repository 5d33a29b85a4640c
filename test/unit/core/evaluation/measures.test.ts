// Expected numbers: scikit-learn 1.9.1 and SciPy 1.17.1 (oracles/evaluation/measures.json).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgreementMeter } from '../../../../src/core/evaluation/agreementMeter';
import type { Targets } from '../../../../src/core/evaluation/dataset';
import type { OutputFigures } from '../../../../src/core/evaluation/evaluation';
import { chooseMeasure } from '../../../../src/core/evaluation/measure';
import { emptyScores, scoreBatch } from '../../../../src/core/evaluation/sampleScores';
import { summarizeScores } from '../../../../src/core/evaluation/summarizeScores';
import type { Loss } from '../../../../src/core/recipe/recipe';
import { readOracle } from '../../../helpers/fixtures';

interface ClassFigures {
  readonly accuracy: number;
  readonly correct: number;
  readonly top3: number;
  readonly top5: number;
  readonly f1_macro: number;
  readonly f1_micro: number;
  readonly confusion: readonly (readonly number[])[];
  readonly log_loss: number;
}

interface MeasuresOracle {
  readonly classes: {
    readonly labels: readonly number[];
    readonly logits: readonly (readonly number[])[];
    readonly other: readonly (readonly number[])[];
    readonly expected: ClassFigures;
  };
  readonly shares: {
    readonly shares: readonly (readonly number[])[];
    readonly expected: { readonly cross_entropy: number; readonly accuracy: number };
  };
  readonly binary: {
    readonly labels: readonly number[];
    readonly logits: readonly number[];
    readonly expected: Pick<ClassFigures, 'accuracy' | 'f1_macro' | 'confusion' | 'log_loss'>;
  };
  readonly values: {
    readonly expected_values: readonly (readonly number[])[];
    readonly found: readonly (readonly number[])[];
    readonly expected: {
      readonly mse: number;
      readonly mae: number;
      readonly r2_mean: number;
      readonly r2_raw: readonly number[];
    };
  };
  readonly agreement: {
    readonly top1: number;
    readonly mean_cosine: number;
    readonly kl: number;
    readonly max_abs: number;
    readonly mean_abs: number;
  };
}

async function expectations(): Promise<MeasuresOracle> {
  return (await readOracle('evaluation/measures')) as MeasuresOracle;
}

interface Measured {
  readonly outputs: readonly (readonly number[])[];
  readonly targets: Targets;
  readonly rows?: readonly (readonly number[])[];
  readonly loss: Loss;
  readonly topK?: number;
}

/** In batches of 7, so that the last one is smaller. */
function measure({ outputs, targets, rows = [], loss, topK }: Measured): OutputFigures {
  const [sampleCount, outputCount] = [outputs.length, outputs[0]!.length];
  const chosen = chooseMeasure(targets, { count: outputCount, activation: null }, loss);
  const scores = emptyScores({ sampleCount, outputCount, measure: chosen, targets, topK });
  for (let first = 0; first < sampleCount; first += 7) {
    const part = outputs.slice(first, first + 7);
    const output = { shape: [part.length, outputCount], values: Float32Array.from(part.flat()) };
    scoreBatch(scores, first, output, {
      rows: Float64Array.from(rows.slice(first, first + 7).flat()),
      targets,
      measure: chosen,
      sampleCount: part.length,
    });
  }
  return summarizeScores({ scores, measure: chosen }, { folds: null, seed: 0 });
}

function column(values: readonly number[]): Targets {
  return { kind: 'column', name: 'y', values: Float64Array.from(values), classNames: null };
}

test('accuracy, top-k, F1, confusion and cross-entropy are scikit-learn’s', async () => {
  const oracle = await expectations();
  const { labels, logits, expected } = oracle.classes;
  const given = { outputs: logits, targets: column(labels), loss: 'ce-logits' } as const;
  const found = measure(given);
  assert.equal(found.correct, expected.correct);
  assertNear(found.accuracy, expected.accuracy);
  assert.equal(found.topK?.k, 5);
  assertNear(found.topK.accuracy, expected.top5);
  assertNear(measure({ ...given, topK: 3 }).topK?.accuracy, expected.top3);
  assertNear(found.f1?.macro, expected.f1_macro);
  assertNear(found.f1?.micro, expected.f1_micro);
  assert.deepEqual(found.confusion, expected.confusion);
  assertNear(found.crossEntropy, expected.log_loss);
});

test('top-k is left out where every class would be among the largest', async () => {
  const oracle = await expectations();
  const { labels, logits } = oracle.classes;
  const given = { outputs: logits, targets: column(labels), loss: 'ce-logits' } as const;
  assert.equal(measure({ ...given, topK: 7 }).topK, undefined);
});

test('expected probabilities are measured by cross-entropy and by their largest class', async () => {
  const oracle = await expectations();
  const { shares, expected } = oracle.shares;
  const targets: Targets = { kind: 'array', name: 'y', elementsPerSample: 7 };
  const found = measure({
    outputs: oracle.classes.logits,
    targets,
    rows: shares,
    loss: 'ce-logits',
  });
  assertNear(found.loss, expected.cross_entropy);
  assertNear(found.accuracy, expected.accuracy);
});

test('a single logit tells two classes apart as scikit-learn has it', async () => {
  const oracle = await expectations();
  const { labels, logits, expected } = oracle.binary;
  const outputs = logits.map((logit) => [logit]);
  const found = measure({ outputs, targets: column(labels), loss: 'ce-logits' });
  assertNear(found.accuracy, expected.accuracy);
  assertNear(found.f1?.macro, expected.f1_macro);
  assert.deepEqual(found.confusion, expected.confusion);
  assertNear(found.crossEntropy, expected.log_loss);
});

test('errors and R² of values are scikit-learn’s, far from 0 and of a constant, too', async () => {
  const oracle = await expectations();
  const { expected_values: rows, found: outputs, expected } = oracle.values;
  const targets: Targets = { kind: 'array', name: 'y', elementsPerSample: 3 };
  const found = measure({ outputs, targets, rows, loss: 'mse' });
  assertNear(found.mse, expected.mse);
  assertNear(found.mae, expected.mae);
  assertNear(found.r2?.mean, expected.r2_mean);
  found.r2?.perOutput.forEach((value, i) => assertNear(value, expected.r2_raw[i]!));
});

test('two outputs agree as NumPy and SciPy compute it', async () => {
  const oracle = await expectations();
  const { logits, other } = oracle.classes;
  const meter = new AgreementMeter(['logits', 'logits']);
  const asArray = (rows: readonly (readonly number[])[]) => ({
    shape: [rows.length, 7],
    values: Float32Array.from(rows.flat()),
  });
  meter.add(asArray(logits.slice(0, 20)), asArray(other.slice(0, 20)), 20);
  meter.add(asArray(logits.slice(20)), asArray(other.slice(20)), 40);
  const found = meter.result();
  assertNear(found?.top1, oracle.agreement.top1);
  assertNear(found?.meanCosine, oracle.agreement.mean_cosine);
  assertNear(found?.klDivergence, oracle.agreement.kl);
  assertNear(found?.maxAbsDifference, oracle.agreement.max_abs);
  assertNear(found?.meanAbsDifference, oracle.agreement.mean_abs);
});

test('equal outputs agree fully, also where they are infinite or all zero', () => {
  const meter = new AgreementMeter([null, null]);
  const output = { shape: [2, 2], values: Float32Array.of(Infinity, 1, 0, 0) };
  meter.add(output, output, 2);
  const found = meter.result();
  assert.equal(found?.top1, 1);
  assert.equal(found.maxAbsDifference, 0);
  assert.equal(found.klDivergence, undefined);
});

function assertNear(found: number | undefined, expected: number): void {
  const allowed = 1e-9 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs((found ?? NaN) - expected) <= allowed, `${found}, expected ${expected}`);
}
