import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fixturePath, readOracle } from './fixtures';
import { readArrays } from './npzArrays';

/** The gradient with respect to one parameter, as test/fixtures/oracles/gradients tells it. */
export interface GradientFigures {
  readonly shape: readonly number[];
  readonly l1: number;
  readonly l2: number;
  readonly max_abs: number;
  readonly first8: readonly number[];
}

/** What a framework gave for the gradients of one loss on one batch. */
export interface GradientOracle {
  /** The file whose parameters these are. */
  readonly file: string;
  readonly loss: number;
  readonly parameters: Readonly<Record<string, GradientFigures>>;
  /** Whole gradients by parameter, where the oracle keeps them. */
  readonly whole: ReadonlyMap<string, Float32Array>;
}

/** The oracle of this name below test/fixtures/oracles/gradients. */
export async function readGradientOracle(name: string): Promise<GradientOracle> {
  const oracle = (await readOracle(`gradients/${name}`)) as Omit<GradientOracle, 'whole'>;
  const file = `oracles/gradients/${name}.npz`;
  const whole = new Map<string, Float32Array>();
  if (existsSync(fixturePath(file))) {
    for (const [key, { values }] of await readArrays(file)) {
      whole.set(key.replaceAll('|', '/'), values);
    }
  }
  return { ...oracle, whole };
}

/** Of the L2 norm, and of each figure. */
const TOLERANCE = 1e-3;

/**
 * A gradient that is zero in exact arithmetic comes out as rounding errors of the others: below this share of the
 * largest norm single precision tells nothing. (A bias of attention keys shifts all scores of a query alike.)
 */
const ROUNDING = 1e-6;

/**
 * That a gradient is the oracle's: in the relative L2 norm of the difference where the oracle has the whole one,
 * else in its figures.
 * @param name of the parameter; null where the gradient is that of several together
 */
export function assertGradient(
  found: ArrayLike<number>,
  expected: GradientFigures,
  oracle: GradientOracle,
  name: string | null,
): void {
  const what = name ?? 'merged';
  const values = Array.from(found);
  const size = expected.shape.reduce((product, n) => product * n, 1);
  assert.equal(values.length, size, `${what}: size`);
  const rounding = ROUNDING * Math.max(...Object.values(oracle.parameters).map(({ l2 }) => l2));
  const whole = name === null ? undefined : oracle.whole.get(name);
  if (whole !== undefined) {
    const difference = norm(values.map((value, i) => value - whole[i]!));
    const allowed = Math.max(TOLERANCE * norm(whole), rounding);
    assert.ok(difference <= allowed, `${what}: differs by ${difference} of ${norm(whole)}`);
  }
  const near = (value: number, wanted: number, scale: number, figure: string): void => {
    const text = `${what}: ${figure} ${value} for ${wanted}`;
    assert.ok(Math.abs(value - wanted) <= Math.max(TOLERANCE * scale, rounding), text);
  };
  const absolute = values.map(Math.abs);
  near(
    absolute.reduce((sum, value) => sum + value, 0),
    expected.l1,
    expected.l1,
    'L1',
  );
  near(norm(values), expected.l2, expected.l2, 'L2');
  near(Math.max(...absolute), expected.max_abs, expected.max_abs, 'largest');
  expected.first8.forEach((wanted, i) => {
    near(values[i]!, wanted, expected.max_abs, `element ${i}`);
  });
}

/** The Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}
