import { UnsupportedError } from '../../errors';
import type { NodeWriter } from '../nodeWriter';

/** A letter for each axis of a few operands fits well. */
const MAX_EQUATION_LENGTH = 512;

/** A value with a letter for each of its axes. */
interface Lettered {
  readonly value: string;
  readonly letters: readonly string[];
}

/**
 * Writes a sum of products in Einstein's notation as transposes, reshapes and matrix products, two operands
 * at a time from the left. Sizes may be open where one axis alone is.
 * @param equation such as `abc,cde->abde`; without an arrow the letters that stand once, in their order
 * @throws UnsupportedError for a letter twice in one operand, or an equation that does not fit the inputs.
 * Source: numpy.einsum.
 */
export function lowerEinsum(
  writer: NodeWriter,
  equation: string,
  inputs: readonly string[],
): string {
  if (equation.length > MAX_EQUATION_LENGTH) throw unfit(`of ${equation.length} characters`);
  const { operands, output } = parse(equation);
  const lettered = inputs.map((value, i): Lettered => ({ value, letters: operands[i] ?? [] }));
  const fits = lettered.every(
    ({ value, letters }) =>
      writer.rank(value) === letters.length && new Set(letters).size === letters.length,
  );
  const [first, ...rest] = lettered;
  const known = new Set(operands.flat());
  if (first === undefined || operands.length !== inputs.length || !fits) throw unfit(equation);
  if (!output.every((letter) => known.has(letter))) throw unfit(equation);
  let product = first;
  rest.forEach((next, i) => {
    const later = new Set([...output, ...rest.slice(i + 1).flatMap(({ letters }) => letters)]);
    product = contract(writer, product, next, later);
  });
  const summed = summedTo(writer, product, new Set(output));
  return ordered(writer, summed, output).value;
}

function parse(equation: string): { readonly operands: string[][]; readonly output: string[] } {
  const [left = '', right] = equation.replaceAll(/\s/g, '').split('->');
  const operands = left.split(',').map((operand) => Array.from(operand));
  if (right !== undefined) return { operands, output: Array.from(right) };
  const letters = operands.flat();
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return { operands, output: once.sort() };
}

/** The product of two operands, summed over the letters that are not needed any more. */
function contract(
  writer: NodeWriter,
  left: Lettered,
  right: Lettered,
  later: ReadonlySet<string>,
): Lettered {
  const a = summedTo(writer, left, new Set([...later, ...right.letters]));
  const b = summedTo(writer, right, new Set([...later, ...left.letters]));
  const common = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = common.filter((letter) => later.has(letter));
  const inner = common.filter((letter) => !later.has(letter));
  const freeA = a.letters.filter((letter) => !common.includes(letter));
  const freeB = b.letters.filter((letter) => !common.includes(letter));
  const sizes = sizesOf(writer, [a, b]);
  const sizeOf = (letter: string): number => sizes.get(letter) ?? -1;
  const group = (letters: readonly string[]): number => productOf(letters.map(sizeOf));
  const moved = ordered(writer, a, [...batch, ...freeA, ...inner]).value;
  // Without a batch the axes in front of the last one can stay apart, open or not.
  const isPlain = batch.length === 0 && freeA.length > 0;
  const front = isPlain ? freeA.map(sizeOf) : [...batch.map(sizeOf), group(freeA)];
  const kept = isPlain ? freeA.length : batch.length + (freeA.length === 1 ? 1 : 0);
  const rows = writer.reshapeTo(moved, [...front, group(inner)], kept);
  const other = ordered(writer, b, [...batch, ...inner, ...freeB]).value;
  const sides = [...batch.map(sizeOf), group(inner), group(freeB)];
  const columns = writer.reshapeTo(other, sides, batch.length);
  const product = isPlain
    ? writer.emit({ kind: 'dense', kernelLayout: 'in-out' }, [rows, columns, null])
    : writer.matMul(rows, columns);
  const letters = [...batch, ...freeA, ...freeB];
  return { value: writer.reshapeTo(product, letters.map(sizeOf), kept), letters };
}

function summedTo(writer: NodeWriter, operand: Lettered, kept: ReadonlySet<string>): Lettered {
  const gone = operand.letters.flatMap((letter, axis) => (kept.has(letter) ? [] : [axis]));
  if (gone.length === 0) return operand;
  const letters = operand.letters.filter((letter) => kept.has(letter));
  return { value: writer.reduce('sum', operand.value, gone), letters };
}

function ordered(writer: NodeWriter, operand: Lettered, letters: readonly string[]): Lettered {
  const permutation = letters.map((letter) => operand.letters.indexOf(letter));
  return { value: writer.transpose(operand.value, permutation), letters };
}

function sizesOf(writer: NodeWriter, operands: readonly Lettered[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { value, letters } of operands) {
    writer.shape(value).forEach((size, axis) => {
      const letter = letters[axis] ?? '';
      if (size >= 0 || !sizes.has(letter)) sizes.set(letter, size);
    });
  }
  return sizes;
}

function productOf(sizes: readonly number[]): number {
  return sizes.includes(-1) ? -1 : sizes.reduce((product, size) => product * size, 1);
}

function unfit(equation: string): UnsupportedError {
  return new UnsupportedError({
    feature: 'a sum of products',
    found: `the equation ${equation}`,
    supported: 'a letter for each axis of each operand, once',
  });
}
