import type { Model } from '../../model/model';
import type { ScoreSharing } from '../scoreSource';
import { lampCounts } from './lampCounts';

/** How LAMP shares out what goes among layers in each of which it ranks by magnitude. */
export function lampSharing(model: Model): ScoreSharing {
  return {
    smallest: (tensors, count, onChunk) =>
      lampCounts(model, tensors, { kind: 'count', count }, onChunk),
    upTo: (tensors, threshold, onChunk) =>
      lampCounts(model, tensors, { kind: 'threshold', threshold }, onChunk),
  };
}
