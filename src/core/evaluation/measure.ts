import { UsageError } from '../errors';
import type { ActivationFunction } from '../graph/operators/activation';
import type { Loss } from '../recipe/recipe';
import type { Targets } from './dataset';

/** How a model's outputs are held against what the data expects. */
export interface Measure {
  readonly loss: Loss;
  /**
   * Classes are compared with the largest output; shares are probabilities of the classes, of which the
   * largest is the expected one; values are compared output by output.
   */
  readonly targets: 'classes' | 'shares' | 'values';
  /** Whether outputs are read as probabilities or as logits; null: they are neither. */
  readonly outputs: 'probabilities' | 'logits' | null;
  /** Of the classes, in the order of the outputs; a single output stands for two. */
  readonly classNames: readonly string[];
  /**
   * Where the loss was not chosen: the activation it was guessed by, or null where there is none.
   * Absent where it was chosen.
   */
  readonly guessedFrom?: string | null;
}

/** What is known of a model's output. */
export interface OutputTraits {
  /** Numbers a sample. */
  readonly count: number;
  readonly activation: ActivationFunction | null;
}

const PROBABILITIES: ReadonlySet<string> = new Set([
  'softmax',
  'sigmoid',
  'hardSigmoid',
  'sparsemax',
]);

/**
 * Decides how outputs are measured.
 *
 * Targets are classes when they are words, or whole numbers while the model has several outputs, or 0 and
 * 1 while its single output is a probability. Arrays are shares of classes after softmax. Unless chosen,
 * the loss is `mse` for other targets, and for classes and shares `ce` after softmax or sigmoid and
 * `ce-logits` after anything else.
 * @throws UsageError when the targets do not fit the model's outputs; it says both numbers.
 */
export function chooseMeasure(targets: Targets, output: OutputTraits, chosen?: Loss): Measure {
  const guessedFrom = output.activation?.name ?? null;
  const measure = measureOf(targets, output, chosen);
  return chosen === undefined ? { ...measure, guessedFrom } : measure;
}

function measureOf(targets: Targets, output: OutputTraits, chosen: Loss | undefined): Measure {
  const probable = output.activation !== null && PROBABILITIES.has(output.activation.name);
  if (areShares(targets, output, chosen)) {
    assertValuesFit(targets, output);
    const loss = chosen ?? 'ce';
    return { loss, targets: 'shares', outputs: meaningOf(loss), classNames: numbered(output) };
  }
  if (!areClasses(targets, output, probable || chosen === 'ce' || chosen === 'ce-logits')) {
    assertValuesFit(targets, output);
    const loss = chosen ?? 'mse';
    return { loss, targets: 'values', outputs: meaningOf(loss), classNames: [] };
  }
  const loss = chosen ?? (probable ? 'ce' : 'ce-logits');
  return {
    loss,
    targets: 'classes',
    outputs: meaningOf(loss) ?? (probable ? 'probabilities' : 'logits'),
    classNames: classNamesOf(targets, output),
  };
}

function meaningOf(loss: Loss): Measure['outputs'] {
  switch (loss) {
    case 'ce':
      return 'probabilities';
    case 'ce-logits':
      return 'logits';
    case 'mse':
      return null;
  }
}

/** Arrays are shares of classes where the loss says so, or the model gives shares itself. */
function areShares(targets: Targets, output: OutputTraits, chosen: Loss | undefined): boolean {
  if (targets.kind !== 'array' || output.count === 1) return false;
  return chosen === undefined ? output.activation?.name === 'softmax' : chosen !== 'mse';
}

/** A single output stands for two classes. */
function numbered({ count }: OutputTraits): readonly string[] {
  return Array.from({ length: count === 1 ? 2 : count }, (_, i) => String(i));
}

function areClasses(targets: Targets, output: OutputTraits, binary: boolean): boolean {
  if (targets.kind === 'array') return false;
  if (targets.classNames !== null) return true;
  if (output.count > 1) return targets.values.every((value) => Number.isInteger(value));
  return binary && targets.values.every((value) => value === 0 || value === 1);
}

function assertValuesFit(targets: Targets, output: OutputTraits): void {
  const elements = targets.kind === 'array' ? targets.elementsPerSample : 1;
  if (elements === output.count) return;
  const odd = targets.kind === 'array' ? -1 : targets.values.findIndex(isNoClass);
  if (odd >= 0 && targets.kind !== 'array') {
    throw new UsageError(
      `labels ${targets.name}: found ${targets.values[odd] ?? NaN} in sample ${odd}; allowed: whole numbers from 0, one for each of the model's ${output.count} outputs`,
    );
  }
  throw new UsageError(
    `labels ${targets.name}: ${elements} values a sample, but the model gives ${output.count} outputs`,
  );
}

function isNoClass(value: number): boolean {
  return !Number.isInteger(value);
}

function classNamesOf(targets: Targets, output: OutputTraits): readonly string[] {
  const numbers = numbered(output);
  const classCount = numbers.length;
  if (targets.kind === 'array') return numbers;
  const { name, values, classNames } = targets;
  if (classNames !== null && classNames.length !== classCount) {
    throw new UsageError(
      `labels ${name}: ${classNames.length} classes (${classNames.slice(0, 5).join(', ')}), but the model tells ${classCount} apart; class names in the order of the outputs settle which is which`,
    );
  }
  const outside = values.find((value) => value < 0 || value >= classCount);
  if (outside !== undefined) {
    throw new UsageError(
      `labels ${name}: class ${outside}, but the model's outputs stand for classes 0 to ${classCount - 1}`,
    );
  }
  return classNames ?? numbers;
}
