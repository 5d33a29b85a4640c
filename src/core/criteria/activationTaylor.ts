import { addSampleProductsInPlace, type SampleUnits } from '../kernels/sampleProductsKernel';
import type { UnitReduction } from './criterion';

/** A value of a batch with the gradient of the summed losses with respect to it, both in C order. */
export interface DifferentiatedUnits extends SampleUnits {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
}

/**
 * First-order Taylor estimate of what the loss changes by when a unit gives nothing: of each sample n the sum over the
 * unit's positions of a dl_n/da; then the mean over samples of its absolute value or, as `signed-sum`, the absolute
 * value of its mean. Needs data with labels and a network that can be differentiated; one pass forward and back.
 * Space: a number for each unit and sample of a batch. Source: Molchanov et al., Pruning convolutional neural networks
 * for resource efficient inference, 2017.
 */
export class ActivationTaylor {
  private readonly absolute: Float64Array;
  private readonly signed: Float64Array;

  constructor(private readonly unitCount: number) {
    this.absolute = new Float64Array(unitCount);
    this.signed = new Float64Array(unitCount);
  }

  /** @param places where the layer is used, all of one batch */
  add(places: readonly DifferentiatedUnits[]): void {
    const { unitCount, absolute, signed } = this;
    const samples = places.reduce((most, { sampleCount }) => Math.max(most, sampleCount), 0);
    const changes = new Float64Array(samples * unitCount);
    for (const place of places) {
      addSampleProductsInPlace(changes, place, place.values, place.gradient);
    }
    changes.forEach((change, i) => {
      const unit = i % unitCount;
      absolute[unit] = (absolute[unit] ?? 0) + Math.abs(change);
      signed[unit] = (signed[unit] ?? 0) + change;
    });
  }

  /** One a unit. */
  score(samples: number, reduction: UnitReduction | undefined): Float64Array<ArrayBuffer> {
    const sums = reduction === 'signed-sum' ? this.signed : this.absolute;
    return Float64Array.from(sums, (sum) => Math.abs(sum) / samples);
  }
}
