import type { DenseArray } from '../graph/executor';
import { AgreementMeter } from './agreementMeter';
import type { ComparedEvaluations, Comparison, OutputComparison } from './comparison';
import { compareScores } from './compareScores';
import type { ModelScoring, ScoredOutput } from './modelScoring';

/** What is told of the two models besides their scores. */
export interface ComparedModels {
  readonly samples: number;
  readonly seed: number;
  /** Of the outputs that both models have, in their order. */
  readonly names: readonly string[];
  readonly engines: { readonly before: string; readonly after: string };
}

/** Holds the outputs of two models against each other, and with labels against these. */
export class ModelComparison {
  readonly #meters = new Map<number, AgreementMeter>();

  constructor(
    readonly before: ModelScoring,
    readonly after: ModelScoring,
  ) {}

  /** The outputs of both for the same samples, after both were scored. */
  add(before: readonly DenseArray[], after: readonly DenseArray[], sampleCount: number): void {
    before.forEach((output, index) => {
      const other = after[index];
      if (other?.values.length !== output.values.length) return;
      this.#meterOf(index).add(output, other, sampleCount);
    });
  }

  #meterOf(index: number): AgreementMeter {
    const known = this.#meters.get(index);
    if (known !== undefined) return known;
    const meter = new AgreementMeter([
      this.before.distributionOf(index),
      this.after.distributionOf(index),
    ]);
    this.#meters.set(index, meter);
    return meter;
  }

  result({ samples, seed, names, engines }: ComparedModels): ComparedEvaluations {
    const outputs = names.map((name, index) => ({ name, ...this.#output(index, seed) }));
    const labelled = this.before.scored[0]?.index ?? 0;
    const { agreement, differences = [] } = outputs[labelled] ?? {};
    const comparison: Comparison = {
      samples,
      ...(agreement === undefined ? {} : { agreement }),
      differences,
      ...(outputs.length > 1 ? { outputs } : {}),
    };
    return {
      before: this.before.evaluation(engines.before),
      after: this.after.evaluation(engines.after),
      comparison,
    };
  }

  #output(index: number, seed: number): OutputComparison {
    const agreement = this.#meters.get(index)?.result() ?? null;
    const [first, second] = [scoredAt(this.before, index), scoredAt(this.after, index)];
    return {
      ...(agreement === null ? {} : { agreement }),
      differences:
        first === undefined || second === undefined ? [] : compareScores(first, second, seed),
    };
  }
}

function scoredAt({ scored }: ModelScoring, index: number): ScoredOutput | undefined {
  return scored.find((one) => one.index === index);
}
