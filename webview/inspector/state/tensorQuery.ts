import type { TensorRow } from './selectTensors';

/** Whether a row is meant by what was typed. */
export type TensorTest = (row: TensorRow) => boolean;

/**
 * What was typed, as a test: words that all have to be met. A word is a part of the name, the layer,
 * the operator or the type; a shape, `3x3` or `64×64×3×3`, meets tensors whose shape holds it;
 * `>1000`, `<=10k` or `=64` counts elements.
 */
export function parseTensorQuery(text: string): TensorTest {
  const tests = text.trim().toLowerCase().split(/\s+/).filter(Boolean).map(parseWord);
  return (row) => tests.every((test) => test(row));
}

function parseWord(word: string): TensorTest {
  return parseCount(word) ?? parseShape(word) ?? ((row) => row.searched.includes(word));
}

const FACTORS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };

function parseCount(word: string): TensorTest | null {
  const match = /^(<=|>=|[<>=≤≥])(\d+(?:\.\d+)?)([kmg])?$/.exec(word);
  if (match === null) return null;
  const [, sign = '', digits = '', unit = ''] = match;
  const bound = Number(digits) * (FACTORS[unit] ?? 1);
  const meets = (count: number): boolean => {
    switch (sign) {
      case '<':
        return count < bound;
      case '>':
        return count > bound;
      case '=':
        return count === bound;
      case '<=':
      case '≤':
        return count <= bound;
      default:
        return count >= bound;
    }
  };
  return ({ tensor }) => meets(tensor.elementCount);
}

/** A shape may also stand in a name (`conv3x3`), so that is looked at, too. */
function parseShape(word: string): TensorTest | null {
  if (!/^\d+([x×*,]\d+)+$/.test(word)) return null;
  const wanted = `×${word.replace(/[x*,]/g, '×')}×`;
  return ({ tensor, searched }) =>
    `×${tensor.shape.join('×')}×`.includes(wanted) || searched.includes(word);
}
