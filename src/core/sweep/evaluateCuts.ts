import type {
  EvaluateManyRequest,
  ManyEvaluations,
  VariantFigures,
} from '../evaluation/evaluateMany';
import type { JobControl } from '../progress';
import type { PlanEntry } from '../report/plan';
import { cutBytes } from './cutBytes';
import { MAX_CUT_BYTES, MAX_VARIANTS_A_JOB } from './limits';
import type { SweepPorts } from './sweepPorts';

/** Cuts that are made when they are asked for, with what is to be known of each. */
export interface NamedCuts<T> {
  readonly of: T;
  readonly cuts: readonly PlanEntry[];
}

/** One of them, measured. */
export interface MeasuredCuts<T> extends NamedCuts<T> {
  readonly figures: VariantFigures;
  /** What else the job found: the original, the samples, the engine. */
  readonly evaluations: ManyEvaluations;
}

/**
 * Evaluates cuts of one model in as few jobs as memory allows: no more of them are held at once than
 * MAX_CUT_BYTES.
 * @throws as {@link EvaluateManyPort.evaluateMany}; what making the cuts throws.
 */
export async function* evaluateCuts<T>(
  source: AsyncIterable<NamedCuts<T>>,
  request: Omit<EvaluateManyRequest, 'variants'>,
  { port, control }: { readonly port: SweepPorts; readonly control: JobControl },
): AsyncGenerator<MeasuredCuts<T>, void, undefined> {
  for await (const group of groupsOf(source)) {
    const variants = group.map(({ cuts }) => cuts);
    const evaluations = await port.evaluateMany({ ...request, variants }, control);
    for (const [i, named] of group.entries()) {
      const figures = evaluations.variants[i];
      if (figures === undefined) throw new Error('an evaluation left out one of its variants');
      yield { ...named, figures, evaluations };
    }
  }
}

async function* groupsOf<T>(
  source: AsyncIterable<NamedCuts<T>>,
): AsyncGenerator<readonly NamedCuts<T>[], void, undefined> {
  let group: NamedCuts<T>[] = [];
  let bytes = 0;
  for await (const named of source) {
    const size = cutBytes(named.cuts);
    if (group.length >= MAX_VARIANTS_A_JOB || (group.length > 0 && bytes + size > MAX_CUT_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(named);
    bytes += size;
  }
  if (group.length > 0) yield group;
}
