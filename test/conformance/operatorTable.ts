import type { Conformance } from './measureConformance';

/** A row of docs/operators.md, numbers as bounds. */
export interface OperatorRow {
  readonly kind: string;
  readonly cases: number;
  readonly forward: number;
  /** Null where there is nothing to differentiate. */
  readonly derivative: number | null;
}

/**
 * The table of docs/operators.md. Differences are rounded up to a power of ten, so that another machine's
 * rounding leaves the file as it is.
 * @param formatsOf the formats whose reader makes nodes of an operator
 */
export function renderOperatorTable(
  measured: readonly Conformance[],
  formatsOf: (kind: string) => readonly string[],
): string {
  const rows = measured.map(({ kind, cases, forward, derivative }) =>
    row([
      `\`${kind}\``,
      formatsOf(kind).join(', '),
      String(cases),
      bound(forward),
      derivative === null ? 'none' : bound(derivative),
    ]),
  );
  const head = ['operator', 'made of files in', 'cases', 'forward', 'derivative'];
  return [row(head), row(['---', '---', '--:', '---', '---']), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function bound(difference: number): string {
  return difference === 0 ? 'exact' : `1e${Math.ceil(Math.log10(difference))}`;
}

/** The rows of a document that {@link renderOperatorTable} wrote, however its cells are spaced. */
export function parseOperatorTable(document: string): readonly OperatorRow[] {
  return document.split('\n').flatMap((line) => {
    const [, operator = '', , cases = '', forward = '', derivative = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    const kind = /^`(\w+)`$/.exec(operator)?.[1];
    if (kind === undefined) return [];
    return [
      {
        kind,
        cases: Number(cases),
        forward: numberOf(forward),
        derivative: derivative === 'none' ? null : numberOf(derivative),
      },
    ];
  });
}

function numberOf(cell: string): number {
  return cell === 'exact' ? 0 : Number(cell);
}
