/** What a tensor's name says of it, in the habits of PyTorch, Keras, TensorFlow and NumPy scripts. */
export interface TensorNameParts {
  readonly role: 'weight' | 'bias' | 'statistic' | 'other';
  /** The name with the word for its role as `*`: a weight and its bias share it. */
  readonly pairKey: string;
  /** The name without its ending: what frameworks call the module or layer. */
  readonly layer: string;
  /** What stands before the last dot or slash. */
  readonly prefix: string;
  /** How kernels of this naming are stored, where the naming tells. */
  readonly layout: 'in-out' | 'out-in' | null;
}

const STATISTIC = /^(running_(mean|var)|moving_(mean|variance)|num_batches_tracked|gamma|beta)$/;
const WORD = /^(.*_)?(weights?|kernels?|coefs?|embeddings|bias(?:es)?|intercepts?)(|_.*|\d+)$/i;
const KERAS_KERNEL = /^(depthwise|pointwise|recurrent)_kernel$/;
const LETTER = /^()([wb])(_?\d*)$/i;

/** Takes a name apart; it never fails: an unknown name has the role `other`. */
export function parseTensorName(name: string): TensorNameParts {
  const plain = name.replace(/:\d+$/, '');
  const cut = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf('/'));
  const prefix = plain.slice(0, Math.max(cut, 0));
  const leaf = plain.slice(cut + 1);
  if (STATISTIC.test(leaf)) {
    return { role: 'statistic', pairKey: plain, layer: prefix || plain, prefix, layout: null };
  }
  const match = WORD.exec(leaf) ?? LETTER.exec(leaf);
  if (match === null) return { role: 'other', pairKey: plain, layer: plain, prefix, layout: null };
  const [, said = '', word = '', after = ''] = match;
  // Keras names several kernels of one layer by what they are for; other words belong to the layer's name.
  const before = KERAS_KERNEL.test(leaf) ? '' : said;
  const head = plain.slice(0, cut + 1) + before;
  return {
    role: /^(b|bias|biases|intercepts?)$/i.test(word) ? 'bias' : 'weight',
    pairKey: `${head}*${after}`,
    layer: (after === '' ? head.replace(/[._/-]+$/, '') : '') || plain,
    prefix,
    layout: layoutOf(word.toLowerCase()),
  };
}

function layoutOf(word: string): TensorNameParts['layout'] {
  if (word === 'weight') return 'out-in';
  return word === 'kernel' || word === 'coef' || word === 'coefs' ? 'in-out' : null;
}

/** Arrays saved without names (`arr_0`), whose order alone tells what they are. */
export function isPositionInFile(name: string): boolean {
  return /^(arr|array|param|parameter|tensor)?_?\d+$/i.test(name);
}

/** Position embeddings and tables, learnt or fixed: they are never pruned. */
export function isPositionalName(name: string): boolean {
  return components(name).some((part) => /(^|_)pos(ition(s|al)?)?(_|$)|^wpe$/.test(part));
}

/** Layers that normalise, by the last part of their name. */
export function isNormalizationName(layer: string): boolean {
  const last = components(layer).at(-1) ?? '';
  return /(^|_)(bn|ln|norm)(_?\d+)?$|(layer|batch|group|rms|instance)_?norm(_?\d+|alization)?$/.test(
    last,
  );
}

/** Lookup tables of tokens, by the last part of the layer's name. */
export function isEmbeddingName(layer: string): boolean {
  const last = components(layer).at(-1) ?? '';
  return /(^|_)emb(ed(ding)?s?|d)?(_tokens)?$|^wte$/.test(last);
}

/** Parameters that are added or selected, not multiplied with: class tokens, masks, index tables. */
export function isAuxiliaryName(name: string): boolean {
  const last = components(name).at(-1) ?? '';
  return /(^|_)(tokens?|mask|index|ids|inv_freq|anchors?)$/.test(last);
}

function components(name: string): readonly string[] {
  const snake = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return snake.split(/[./]/);
}
