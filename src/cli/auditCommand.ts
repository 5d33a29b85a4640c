import { BoundError, UsageError } from '../core/errors';
import type { AuditReport, AuditVerdict } from '../core/report/audit';
import { auditFile } from '../node/auditFile';
import type { Command } from './command';
import { onlyFile, parseArguments, textOption } from './options';
import { type Column, formatTable } from './table';

const OPTIONS = { json: { type: 'boolean' }, 'fail-on': { type: 'string' } } as const;

const SEVERITY: Readonly<Record<AuditVerdict, number>> = { safe: 0, suspicious: 1, dangerous: 2 };

/** `audit FILE`: what loading a pickle in Python would have imported and run. */
export const auditCommand: Command = {
  async run(args) {
    const { values, positionals } = parseArguments(args, OPTIONS);
    const failOn = parseFailOn(textOption(values, 'fail-on'));
    const file = onlyFile(positionals, 'audit');
    if (file === undefined) throw new UsageError('audit: found no file; allowed: audit FILE');
    const report = await auditFile(file);
    const text = values['json'] === true ? `${JSON.stringify(report)}\n` : asText(report);
    process.stdout.write(text);
    if (failOn !== null && SEVERITY[report.verdict] >= SEVERITY[failOn]) {
      throw new BoundError(`${report.file} is ${report.verdict}: ${report.reason}`);
    }
  },
};

function parseFailOn(value: string | undefined): AuditVerdict | null {
  if (value === undefined) return null;
  if (value === 'suspicious' || value === 'dangerous') return value;
  throw new UsageError(
    `--fail-on: found ${JSON.stringify(value)}; allowed: suspicious or dangerous`,
  );
}

const COLUMNS: readonly Column[] = [
  { title: 'byte', align: 'right' },
  { title: 'verdict', align: 'left' },
  { title: 'would be', align: 'left' },
  { title: 'what', align: 'left' },
];

function asText({ file, format, pickles, verdict, reason }: AuditReport): string {
  const parts = pickles.map(({ place, protocol, globals, calls, callCount, broken }) => {
    const imported = globals.map((one) => [
      String(one.byteOffset),
      one.verdict,
      'imported',
      `${one.module}.${one.name}`.replace(/[^\x20-\x7e]/g, '·'),
    ]);
    const bad = calls.filter((one) => one.verdict === 'unknown' || one.verdict === 'dangerous');
    const called = bad.map((one) => [String(one.byteOffset), one.verdict, 'called', one.whatRuns]);
    const heading = `${place}: protocol ${protocol}, ${globals.length} names, ${callCount} calls\n`;
    const rows = [...imported, ...called];
    const table = rows.length === 0 ? '' : formatTable(COLUMNS, rows);
    return heading + table + (broken === undefined ? '' : `broken: ${broken}\n`);
  });
  return `${file}: ${format}, ${verdict}. ${reason}\n\n${parts.join('\n')}`;
}
