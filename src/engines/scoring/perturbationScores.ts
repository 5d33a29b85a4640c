import { DEFAULT_SIGMA, STABILITY_DRAWS, stabilityScore } from '../../core/criteria/stability';
import { UnsupportedError } from '../../core/errors';
import {
  addMovedInPlace,
  addVariancesInPlace,
  makeMovedValues,
  type MovedValues,
} from '../../core/kernels/noiseKernels';
import {
  makeUnitTallies,
  tallyUnitsInPlace,
  type UnitTallies,
  type UnitValues,
} from '../../core/kernels/unitTallyKernel';
import { readBatches, type ReadBatch } from '../jobs/runBatches';
import { GraphWatching, wholeBatches } from './activationPass';
import { disturbed, inputSpreads } from './inputNoise';
import type { ScoredArray, ScoringRun } from './scoringRun';
import { observingUnits, type ObservedUnits } from './unitObservers';

/** Scores by how much noise on the inputs moves what units give: stability. One number a unit. */
export async function* perturbationScores(run: ScoringRun): AsyncGenerator<ScoredArray> {
  const spreads = await floatSpreads(run);
  const noise = new UnitNoise();
  const watching = new GraphWatching(run, observingUnits(run, noise.see.bind(noise)));
  const size = run.fixedSize ?? Math.max(1, Math.floor(run.batchSize / COPIES));
  for await (const read of readBatches(run.dataset, size, run.control)) {
    await disturbBatch({ run, noise, watching }, read, spreads);
  }
  for (const { name } of run.tensors) {
    const values = noise.scoresOf(name);
    yield { name, shape: [values.length], values };
  }
}

/** Beside the values of a batch there is a copy of them without noise, and two sums in twice the precision. */
const COPIES = 6;

interface Disturbing {
  readonly run: ScoringRun;
  readonly noise: UnitNoise;
  readonly watching: GraphWatching;
}

async function disturbBatch(
  { run, noise, watching }: Disturbing,
  { batch, first, sampleCount }: ReadBatch,
  spreads: readonly (Float64Array | null)[],
): Promise<void> {
  const { seed, options } = run.request;
  const sigma = options.sigma ?? DEFAULT_SIGMA;
  const draws = Array.from({ length: STABILITY_DRAWS }, (_, draw) => {
    const noisy = disturbed(batch.inputs, { seed, draw, firstSample: first, sigma, spreads });
    return wholeBatches(run, noisy, sampleCount);
  });
  for (const [i, part] of wholeBatches(run, batch.inputs, sampleCount).entries()) {
    noise.begin();
    await watching.run(part);
    for (const draw of draws) {
      const noisy = draw[i];
      if (noisy !== undefined) await watching.run(noisy);
    }
    noise.end(part.weight);
  }
}

/** Spreads of the inputs that hold real numbers; null for the others. @throws UnsupportedError where none does. */
async function floatSpreads(run: ScoringRun): Promise<readonly (Float64Array | null)[]> {
  const { inputs } = run.graph;
  if (inputs.every(({ type }) => type !== 'float32')) {
    throw new UnsupportedError({
      feature: 'criterion stability',
      found: `inputs of whole numbers alone (${inputs.map(({ name }) => name).join(', ')}), to which no noise can be added`,
      supported: 'networks with an input of real numbers; activation-mean and entropy take any',
    });
  }
  const spreads = await inputSpreads(run.dataset, run.control);
  return spreads.map((spread, i) => (inputs[i]?.type === 'float32' ? spread : null));
}

/** What one place where a layer's weight is used gave in the batch at hand. */
interface PlaceMoves {
  readonly tensor: string;
  readonly units: Omit<UnitValues, 'values'>;
  readonly moved: MovedValues;
}

/** Gathers how noise moves units. */
class UnitNoise {
  private readonly tallies = new Map<string, UnitTallies>();
  private readonly variances = new Map<string, Float64Array>();
  /** By tensor and value; those of the batch at hand. */
  private readonly places = new Map<string, PlaceMoves>();

  /** A batch begins: its values without noise are seen first. */
  begin(): void {
    this.places.clear();
  }

  see(values: UnitValues, weight: number, { tensor, activation }: ObservedUnits): void {
    const key = JSON.stringify([tensor.name, activation.value]);
    const place = this.places.get(key);
    if (place !== undefined) {
      addMovedInPlace(place.moved, values.values);
      return;
    }
    const { inner, unitCount } = values;
    const tally = this.tallies.get(tensor.name) ?? makeUnitTallies(unitCount);
    this.tallies.set(tensor.name, tally);
    tallyUnitsInPlace(tally, values, weight);
    const moved = makeMovedValues(new Float32Array(values.values));
    this.places.set(key, { tensor: tensor.name, units: { inner, unitCount }, moved });
  }

  /** All draws of the batch were seen. */
  end(weight: number): void {
    for (const { tensor, units, moved } of this.places.values()) {
      const sums = this.variances.get(tensor) ?? new Float64Array(units.unitCount);
      this.variances.set(tensor, sums);
      addVariancesInPlace(sums, moved, { ...units, draws: STABILITY_DRAWS, weight });
    }
  }

  scoresOf(tensor: string): Float64Array {
    const tally = this.tallies.get(tensor) ?? makeUnitTallies(0);
    const sums = this.variances.get(tensor) ?? new Float64Array(0);
    return stabilityScore(
      sums.map((sum) => sum / tally.count),
      tally,
    );
  }
}
