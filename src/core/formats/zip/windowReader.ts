import { type ByteSource, readBytes } from '../../io';

/** Records that lie closer together than this are read with what lies between them. */
const MAX_GAP_BYTES = 8 * 1024;
const MAX_WINDOW_BYTES = 256 * 1024;
/** Windows asked for before they are needed: far apart, each costs one turn of the system. */
const READ_AHEAD = 16;

/** A few bytes of a file. */
export interface ByteRange {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * Calls back with the bytes of each range, in order. Neighbours are read together and distant ones
 * ahead of time, so that small records of a large file cost few reads.
 * @param ranges ascending, within the file, each at most a few KiB
 * @throws IoError
 */
export async function readRanges<Range extends ByteRange>(
  source: ByteSource,
  ranges: readonly Range[],
  visit: (range: Range, view: DataView<ArrayBuffer>) => void,
): Promise<void> {
  const windows = windowsOf(ranges);
  const ahead: Promise<Uint8Array<ArrayBuffer>>[] = [];
  let next = 0;
  for (const window of windows) {
    for (; next < windows.length && ahead.length < READ_AHEAD; next++) {
      ahead.push(startReading(source, windows[next]));
    }
    const bytes = (await ahead.shift()) ?? new Uint8Array(0);
    for (const range of window.ranges) {
      const start = range.byteOffset - window.byteOffset;
      visit(range, new DataView(bytes.buffer, start, range.byteLength));
    }
  }
}

interface Window<Range> extends ByteRange {
  readonly ranges: readonly Range[];
}

function startReading(
  source: ByteSource,
  window: ByteRange | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const reading = readBytes(source, window?.byteOffset ?? 0, window?.byteLength ?? 0);
  // A failure is thrown where the window is awaited; until then it must not count as unhandled.
  reading.catch(() => undefined);
  return reading;
}

function windowsOf<Range extends ByteRange>(ranges: readonly Range[]): Window<Range>[] {
  const windows: Window<Range>[] = [];
  let members: Range[] = [];
  let start = 0;
  let end = 0;
  const close = (): void => {
    if (members.length === 0) return;
    windows.push({ byteOffset: start, byteLength: end - start, ranges: members });
  };
  for (const range of ranges) {
    const rangeEnd = range.byteOffset + range.byteLength;
    if (range.byteOffset > end + MAX_GAP_BYTES || rangeEnd - start > MAX_WINDOW_BYTES) {
      close();
      members = [];
      start = range.byteOffset;
      end = start;
    }
    members.push(range);
    end = Math.max(end, rangeEnd);
  }
  close();
  return windows;
}
