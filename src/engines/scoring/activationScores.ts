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
    assertZeros(run, zeroless);
    return scoresOf(tallies, apozScore);
  }
  if (criterion === 'activation-mean') return scoresOf(tallies, activationMeanScore);
  switch (options.entropy) {
    case 'active':
      return scoresOf(tallies, activeEntropy);
    case 'share':
      return scoresOf(tallies, shareEntropy);
    default:
      return scoresOf(await histograms(run, tallies), histogramEntropy);
  }
}

function scoresOf<T>(found: ReadonlyMap<string, T>, score: (one: T) => Float64Array): UnitScores {
  return new Map([...found].map(([name, one]) => [name, score(one)]));
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
  const found = new Map(
    [...tallies].map(([name, { minima, maxima }]) => [name, makeUnitHistograms(minima, maxima)]),
  );
  const observing = observingUnits(run, (values, weight, { tensor }) => {
    const own = found.get(tensor.name);
    if (own !== undefined) countIntoBinsInPlace(own, values, weight);
  });
  await observeData(run, observing);
  return found;
}

/** @throws UnsupportedError where no unit of any layer is ever exactly zero by its activation. */
function assertZeros({ tensors, model }: ScoringRun, zeroless: Tallied['zeroless']): void {
  const [first] = tensors;
  if (first === undefined || tensors.some(({ name }) => !zeroless.has(name))) return;
  const activation = zeroless.get(first.name) ?? null;
  throw new UnsupportedError({
    feature: 'criterion apoz',
    found: `no layer behind which exact zeros come about (layer ${layerNameOf(model, first)} has ${activation === null ? 'no activation' : activation})`,
    supported:
      'networks with ReLU or another activation that gives exact zeros; activation-mean, entropy and stability take any',
  });
}
