/** Figures of the oracles that have no row in docs/criteria-oracles.md. */
export interface LeftOut {
  /** Of the paths in test/fixtures/oracles, parted by slashes. */
  readonly pattern: RegExp;
  readonly what: string;
  readonly reason: string;
}

/** Every kind of figure that no comparison of criteria reads, and why. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    pattern: /\/per_layer_\d+\/total\/(max_pruned|min_kept)$/,
    what: 'thresholds over all layers, of levels that each layer has to itself',
    reason: 'the thresholds of the layers are compared',
  },
  {
    pattern:
      /\/torch_pruning\/.*\/(settings|shapes_before|shapes_after|kept|before|after|macs_.*)\//,
    what: '`torch_pruning`: what is kept of each layer, shapes, parameters, operations, accuracy',
    reason: 'of networks whose units were taken out; criteria zero them',
  },
  {
    pattern: /pruning\/keras_structured_.*\/(params_before|params_after|accuracy_after|kept)/,
    what: '`keras_structured_*`: parameters and accuracy after',
    reason: 'likewise',
  },
  {
    pattern: /\/(heads|ffn)\/.*\/after/,
    what: '`heads` and `ffn` of the transformer: accuracy and loss after',
    reason: 'likewise',
  },
  {
    pattern: /\/(before|after)\/(accuracy|correct|loss|loss_ce_of_logits|mse|n)$/,
    what: 'accuracy, loss and error before and after each level',
    reason:
      'evaluation; `pruningAccuracy.test.ts` holds six networks at each level, `fixtureAccuracy.test.ts` the convolutional ones before',
  },
  {
    pattern: /\/sensitivity\/.*\/(accuracy|n)$/,
    what: '`sensitivity`: accuracy',
    reason: 'the number of right samples is compared',
  },
  {
    pattern: /\/nm24\/.*\/rows_flat\//,
    what: '`nm24`: `rows_flat` of convolutions',
    reason:
      'groups of four in a flattened filter; ours run over input channels (`conv_in_channels`)',
  },
  {
    pattern:
      /\/criteria\/.*\/(sum|max|min|argmax_flat|shape|first8|total_sum)$|\/criteria\/total_sum$/,
    what: '`criteria`: sums, extremes and first values',
    reason: 'of arrays that are compared in full',
  },
  {
    pattern: /\/criteria\/mean_loss$/,
    what: '`criteria`: loss of the batch',
    reason: 'evaluation, not a score',
  },
  {
    pattern: /\/(criteria|exact_delta_mse)\/.*\.bias/,
    what: 'scores of biases',
    reason: 'biases are never pruned; those that obs gives its Hessian are compared',
  },
  {
    pattern: /\/activations\/.*\/(units|std|max|dead)$/,
    what: '`activations`: deviation, maximum, dead units',
    reason: 'no criterion; a dead unit is one whose `apoz` is compared as 1',
  },
  {
    pattern: /\/neurons\/.*\/most_/,
    what: '`neurons`: most similar and most correlated pairs',
    reason: 'no criterion',
  },
  {
    pattern: /\/obd_obs\/(hessian_|obs_gauss_newton\/damping)/,
    what: '`obd_obs`: diagonals and eigenvalues of Hessians, damping',
    reason: 'they stand in the saliencies that are compared',
  },
  {
    pattern: /\/reconstruction\/(N|shape|amount|lam|dead_inputs|.*\/(l2|size))$/,
    what: '`reconstruction`: samples, shape, damping, dead inputs, norm',
    reason: 'the terms of what is compared',
  },
  {
    pattern: /\/params\/|\/(magnitude\/layers|weights\/\d+)\/|\/obd_obs\/theta/,
    what: 'weights and shapes of the networks themselves',
    reason: 'tensors, not scores',
  },
];
