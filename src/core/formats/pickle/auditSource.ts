import { FormatError } from '../../errors';
import { type ByteSource, type Compression, readBytes } from '../../io';
import { INFLATE_RATIO_FREE_BYTES, MAX_INFLATE_RATIO } from '../../limits';
import type { AuditReport, GlobalVerdict } from '../../report/audit';
import { sliceSource } from '../memorySource';
import { readZipDirectory, type ZipMember } from '../zip/readZipDirectory';
import { auditPickle, type PickleAudit } from './auditPickle';
import { auditVerdictOf, worse } from './classifyGlobals';
import { startsLegacyPytorch } from './legacyMagic';
import { objectArrayOffset, startsNpy } from './objectArray';

const START_BYTES = 16;
/** Of a legacy PyTorch file, before its storages. */
const LEGACY_PICKLES = 5;
/** A file of pickles one after the other; more than that are no file that anybody loads. */
const MAX_PICKLES = 64;
const DEFLATED = 8;

/** What a file is, with the pickles found in it. */
interface Found {
  readonly format: string;
  readonly audits: readonly PickleAudit[];
}

/**
 * What loading a file with Python would import and run. Any file with pickles: PyTorch's containers, bare
 * pickles, NumPy object arrays, zip archives of these. Nothing is executed.
 * @throws FormatError when the file is none of these.
 */
export async function auditSource(
  source: ByteSource,
  compression: Compression,
): Promise<AuditReport> {
  const { format, audits } = await findPickles(source, compression);
  const pickles = audits.map(({ pickle }) => pickle);
  const worst = audits.reduce<GlobalVerdict>(
    (sum, audit) => worse(sum, audit.worst),
    'tensor-data',
  );
  const odd = pickles.some(({ broken, unfoldsTo }) => (broken ?? unfoldsTo) !== undefined);
  const named = auditVerdictOf(worst);
  const verdict = named === 'safe' && odd ? 'suspicious' : named;
  return { file: source.name, format, pickles, verdict, reason: reasonOf(audits, worst) };
}

async function findPickles(source: ByteSource, compression: Compression): Promise<Found> {
  const start = await readBytes(source, 0, Math.min(START_BYTES, source.byteLength));
  if (start[0] === 0x50 && start[1] === 0x4b) return auditArchive(source, compression);
  if (startsNpy(start)) {
    return { format: 'NumPy array', audits: await auditArray(source, source.name) };
  }
  if (startsLegacyPytorch(start)) {
    return { format: 'PyTorch (legacy)', audits: await auditSequence(source, LEGACY_PICKLES) };
  }
  assertMayBePickle(source, start);
  return { format: 'pickle', audits: await auditSequence(source, MAX_PICKLES) };
}

/** Pickles of protocols 0 and 1 begin like any text: only the name tells. */
function assertMayBePickle(source: ByteSource, start: Uint8Array): void {
  const name = /\.(pkl|pickle|p|pt|pth|bin|ckpt|pdparams|pdopt|joblib|sav|dat)$/i.test(source.name);
  if (start.length > 0 && (start[0] === PROTO || name)) return;
  throw new FormatError({
    format: 'pickle',
    place: source.name,
    found: start.length === 0 ? 'an empty file' : 'no pickle, by content and name',
    allowed: 'a PyTorch file, a pickle, a NumPy array, or a zip archive of these',
    byteOffset: 0,
  });
}

const PROTO = 0x80;

async function auditSequence(source: ByteSource, most: number): Promise<readonly PickleAudit[]> {
  const audits: PickleAudit[] = [];
  let at = 0;
  while (audits.length < most && at < source.byteLength) {
    // What follows the first pickle is only one more where it says so itself.
    const [first] = await readBytes(source, at, 1);
    if (at > 0 && first !== PROTO) break;
    const audit = await auditPickle(source, at, `pickle ${audits.length + 1} at byte ${at}`);
    audits.push(audit);
    if (audit.endOffset === null) break;
    at = audit.endOffset;
  }
  return audits;
}

async function auditArchive(source: ByteSource, compression: Compression): Promise<Found> {
  const members = await readZipDirectory(source, 'zip');
  const audits: PickleAudit[] = [];
  for (const member of members) {
    if (!/(\.(pkl|pickle|npy)|[._]debug_pkl)$/.test(member.name) || member.encrypted) continue;
    const file = openMember(source, member, compression);
    const isArray = member.name.endsWith('.npy');
    audits.push(
      ...(isArray
        ? await auditArray(file, member.name)
        : [await auditPickle(file, 0, member.name)]),
    );
  }
  return { format: archiveLabel(members), audits };
}

function archiveLabel(members: readonly ZipMember[]): string {
  const has = (end: string): boolean =>
    members.some(({ name }) => name === end || name.endsWith(`/${end}`));
  if (has('data.pkl')) return has('constants.pkl') ? 'TorchScript' : 'PyTorch (zip)';
  return members.some(({ name }) => name.endsWith('.npy')) ? 'NumPy archive' : 'zip archive';
}

function openMember(source: ByteSource, member: ZipMember, compression: Compression): ByteSource {
  const { name, byteLength, compressedBytes, dataOffset: byteOffset } = member;
  if (member.method !== DEFLATED) return sliceSource(source, byteOffset, compressedBytes);
  const place = `member ${JSON.stringify(name)}`;
  const allowed = Math.max(INFLATE_RATIO_FREE_BYTES, MAX_INFLATE_RATIO * compressedBytes);
  if (byteLength > allowed) {
    const found = `${byteLength} inflated bytes`;
    throw new FormatError({ format: 'zip', place, found, allowed: `at most ${allowed}` });
  }
  const range = { source, byteOffset, compressedBytes, byteLength, name, place };
  return compression.openInflated({ ...range, wrapper: 'raw' });
}

/** An array of Python objects is a pickle after its header. */
async function auditArray(source: ByteSource, place: string): Promise<readonly PickleAudit[]> {
  const offset = await objectArrayOffset(source);
  return offset === null ? [] : [await auditPickle(source, offset, place)];
}

function reasonOf(audits: readonly PickleAudit[], worst: GlobalVerdict): string {
  const pickles = audits.map(({ pickle }) => pickle);
  if (pickles.length === 0) return 'The file holds no pickle.';
  const call = pickles.flatMap(({ calls }) => calls).find(({ verdict }) => verdict === worst);
  const global = pickles.flatMap(({ globals }) => globals).find(({ verdict }) => verdict === worst);
  const name = global === undefined ? '' : `${global.module}.${global.name}`;
  if (worst === 'dangerous') {
    return call === undefined
      ? `Loading it in Python would import ${name}.`
      : `Loading it in Python would run ${call.whatRuns}.`;
  }
  if (worst === 'unknown') {
    return `Loading it in Python would import ${name || 'what is not known'}, which is not known to be harmless.`;
  }
  const broken = pickles.find((pickle) => pickle.broken !== undefined);
  if (broken !== undefined) {
    return `It could not be followed to its end: ${broken.place}: ${broken.broken ?? ''}.`;
  }
  const bomb = pickles.find((pickle) => pickle.unfoldsTo !== undefined);
  if (bomb?.unfoldsTo !== undefined) {
    return `It runs nothing, but a program that walks through it meets ${bomb.unfoldsTo.toPrecision(2)} values.`;
  }
  return worst === 'module-class'
    ? 'It builds tensors, plain values and layer classes of known frameworks.'
    : 'It builds tensors and plain values only.';
}
