import { activationMeanScore } from '../../core/criteria/activationMean';
import { apozScore } from '../../core/criteria/apoz';
import {
  activeEntropy,
  histogramEntropy,
  makeUnitHistograms,
  shareEntropy,
} from '../../core/criteria/entropy';
import { UnsupportedError } from '../../core/errors';
import {
  countIntoBinsInPlace,
  makeUnitTallies,
  tallyUnitsInPlace,
  type UnitHistograms,
  type UnitTallies,
} from '../../core/kernels/unitTallyKernel';
import { observeData } from './activationPass';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { layerNameOf, observingUnits } from './unitObservers';

/** Scores by what units give on the data: apoz, activation-mean, entropy. One number a unit. */
export async function* activationScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const scores = await unitScores(run);
  for (const { name } of run.tensors) {
    const values = scores.get(name) ?? new Float64Array(0);
    yield { name, shape: [values.length], values };
  }
}

/** One number a unit, by tensor. */
type UnitScores = ReadonlyMap<string, Float64Array>;

async function unitScores(run: ScoringRun): Promise<UnitScores> {
  const { criterion, options } = run.request;
  const { tallies, zeroless } = await tallyUnits(run);
  if (criterion === 'apoz') {
    noteZeroless(run, zeroless);
    return ofEach(tallies, apozScore);
  }
  if (criterion === 'activation-mean') return ofEach(tallies, activationMeanScore);
  switch (options.entropy) {
    case 'active':
      return ofEach(tallies, activeEntropy);
    case 'share':
      return ofEach(tallies, shareEntropy);
    default:
      return ofEach(await histograms(run, tallies), histogramEntropy);
  }
}

function ofEach<T, R>(found: ReadonlyMap<string, T>, make: (one: T) => R): ReadonlyMap<string, R> {
  return new Map([...found].map(([name, one]) => [name, make(one)]));
}

interface Tallied {
  readonly tallies: ReadonlyMap<string, UnitTallies>;
  /** By tensor, where no exact zeros come of its units: the activation behind it, null where there is none. */
  readonly zeroless: ReadonlyMap<string, string | null>;
}

async function tallyUnits(run: ScoringRun): Promise<Tallied> {
  const tallies = new Map<string, UnitTallies>();
  const zeroless = new Map<string, string | null>();
  const observing = observingUnits(run, (values, weight, { tensor, activation }) => {
    const own = tallies.get(tensor.name) ?? makeUnitTallies(values.unitCount);
    tallies.set(tensor.name, own);
    tallyUnitsInPlace(own, values, weight);
    if (!activation.makesZeros) zeroless.set(tensor.name, activation.activation);
  });
  await observeData(run, observing);
  return { tallies, zeroless };
}

/** The second pass, between the bounds that the first one found. */
async function histograms(
  run: ScoringRun,
  tallies: ReadonlyMap<string, UnitTallies>,
): Promise<ReadonlyMap<string, UnitHistograms>> {
  const isBetweenOwn = run.request.options.entropy !== 'zero-one';
  const found = ofEach(tallies, ({ minima, maxima }) =>
    isBetweenOwn
      ? makeUnitHistograms(minima, maxima)
      : makeUnitHistograms(
          minima.map(() => 0),
          maxima.map(() => 1),
        ),
  );
  const observing = observingUnits(run, (values, weight, { tensor }) => {
    const own = found.get(tensor.name);
    if (own !== undefined) countIntoBinsInPlace(own, values, weight);
  });
  await observeData(run, observing);
  return found;
}

/**
 * Says of which layers apoz tells nothing.
 * @throws UnsupportedError where no layer has an activation.
 */
function noteZeroless(run: ScoringRun, zeroless: Tallied['zeroless']): void {
  const layers = run.tensors.filter(({ name }) => zeroless.has(name));
  if (layers.length === 0) return;
  if (run.tensors.every(({ name }) => zeroless.get(name) === null)) throw withoutZeros(run);
  const names = layers.map((tensor) => {
    const activation = zeroless.get(tensor.name) ?? 'no activation';
    return `${layerNameOf(run.model, tensor)} (${activation})`;
  });
  run.note(
    `apoz tells the units of ${shortened(names)} not apart: no exact zeros come about behind them; activation-mean, entropy and stability take any activation`,
  );
}

function withoutZeros({ tensors, model }: ScoringRun): UnsupportedError {
  const names = shortened(tensors.map((tensor) => layerNameOf(model, tensor)));
  return new UnsupportedError({
    feature: 'criterion apoz',
    found: `no activation behind ${names}, so that no exact zeros come about`,
    supported:
      'layers with ReLU or another activation that gives zeros; activation-mean, entropy and stability take any layer',
  });
}

/** Of layers, in a message. */
const MAX_NAMES = 8;

function shortened(names: readonly string[]): string {
  const more = names.length > MAX_NAMES ? `, … (${names.length} in all)` : '';
  return `${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
