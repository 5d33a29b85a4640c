import type { LoweredValue } from '../../../graph/lowering/loweredValue';
import type { LoweringTable, LowerNode } from './lowerNode';
import type { NodeContext } from './nodeContext';
import { reshapeTo } from './shapes';

/** A value with a letter for each axis. */
interface Term {
  readonly value: LoweredValue;
  readonly letters: readonly string[];
}

/**
 * Sums of products over letters: one operand after the other by transposition, one matrix product, and
 * back. Source: NumPy einsum.
 */
const einsum: LowerNode = (node) => {
  const [left = '', right] = node.text('equation', '').replace(/\s/g, '').split('->');
  const terms = left.split(',').map((letters, i) => termOf(node, letters, node.input(i)));
  const output = outputLetters(node, right, terms);
  const [first, ...rest] = terms;
  if (first === undefined) throw node.unsupported('no terms', 'an equation');
  let result = first;
  rest.forEach((term, i) => {
    const later = rest.slice(i + 1).flatMap(({ letters }) => letters);
    result = multiplyTerms(node, result, term, new Set([...output, ...later]));
  });
  const summed = sumAway(node, result, new Set(output));
  return node.transpose(
    summed.value,
    output.map((letter) => summed.letters.indexOf(letter)),
  );
};

function termOf(node: NodeContext, text: string, value: LoweredValue): Term {
  const rank = node.shape(value).length;
  const [before = '', after] = text.split('...');
  const hidden = after === undefined ? 0 : rank - before.length - after.length;
  // The axes of an ellipsis are numbered from the end, as they are broadcast.
  const rest = Array.from({ length: Math.max(0, hidden) }, (_, i) => `.${hidden - i}`);
  const letters = [...lettersOf(before), ...rest, ...lettersOf(after ?? '')];
  if (letters.length !== rank) {
    throw node.unsupported(`the term ${text} for ${rank} axes`, 'a letter for each axis');
  }
  if (new Set(letters).size === letters.length) return { value, letters };
  throw node.unsupported(`the diagonal ${text}`, 'each letter once in a term');
}

/** Letters are Latin ones, each a code unit. */
function lettersOf(text: string): readonly string[] {
  return Array.from(text);
}

/** Without an arrow: the letters that occur once, in alphabetical order. */
function outputLetters(
  node: NodeContext,
  right: string | undefined,
  terms: readonly Term[],
): readonly string[] {
  const all = terms.flatMap(({ letters }) => letters);
  const hidden = [...new Set(all.filter((letter) => letter.length > 1))].sort().reverse();
  if (right === undefined) {
    const once = all.filter(
      (letter) => letter.length === 1 && all.indexOf(letter) === all.lastIndexOf(letter),
    );
    return [...hidden, ...once.sort()];
  }
  const [before = '', after] = right.split('...');
  const letters =
    after === undefined
      ? lettersOf(before)
      : [...lettersOf(before), ...hidden, ...lettersOf(after)];
  if (letters.every((letter) => all.includes(letter))) return letters;
  throw node.unsupported(`the output ${right}`, 'letters of the terms');
}

function sumAway(node: NodeContext, { value, letters }: Term, needed: ReadonlySet<string>): Term {
  const axes = letters.flatMap((letter, axis) => (needed.has(letter) ? [] : [axis]));
  if (axes.length === 0) return { value, letters };
  return {
    value: node.reduce('sum', value, axes, false),
    letters: letters.filter((letter) => needed.has(letter)),
  };
}

/** @param kept letters that are still needed behind this product */
function multiplyTerms(
  node: NodeContext,
  first: Term,
  second: Term,
  kept: ReadonlySet<string>,
): Term {
  const a = sumAway(node, first, new Set([...kept, ...second.letters]));
  const b = sumAway(node, second, new Set([...kept, ...first.letters]));
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => kept.has(letter));
  const inner = shared.filter((letter) => !kept.has(letter));
  const rows = a.letters.filter((letter) => !b.letters.includes(letter));
  const columns = b.letters.filter((letter) => !a.letters.includes(letter));
  const left = asMatrix(node, a, [batch, rows, inner]);
  const right = asMatrix(node, b, [batch, inner, columns]);
  const product = node.emit({ kind: 'matMul', transposeA: false, transposeB: false }, left, right);
  const letters = [...batch, ...rows, ...columns];
  const sizes = letters.map((letter) => sizeOf(node, [a, b], letter));
  return { value: reshapeTo(node, product, sizes, false), letters };
}

/** Axes in the order of the groups, of which the last two become one each. */
function asMatrix(
  node: NodeContext,
  term: Term,
  [batch, rows, columns]: readonly [readonly string[], readonly string[], readonly string[]],
): LoweredValue {
  const order = [...batch, ...rows, ...columns];
  const turned = node.transpose(
    term.value,
    order.map((letter) => term.letters.indexOf(letter)),
  );
  if (rows.length === 1 && columns.length === 1) return turned;
  const sizes = (letters: readonly string[]): readonly (number | null)[] =>
    letters.map((letter) => sizeOf(node, [term], letter));
  const target = [...sizes(batch), productOf(sizes(rows)), productOf(sizes(columns))];
  return reshapeTo(node, turned, target, false);
}

function productOf(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce<number | null>(
    (product, size) => (product === null || size === null ? null : product * size),
    1,
  );
}

/** The size of a letter's axis; null where it is open. */
function sizeOf(node: NodeContext, terms: readonly Term[], letter: string): number | null {
  const sizes = terms.flatMap(({ value, letters }) => {
    const size = node.shape(value)[letters.indexOf(letter)];
    return size === undefined || size < 0 ? [] : [size];
  });
  return sizes.length === 0 ? null : Math.max(...sizes);
}

/** Source: Operators.md of ONNX 1.23. */
export const EINSUM: LoweringTable = { Einsum: einsum };
