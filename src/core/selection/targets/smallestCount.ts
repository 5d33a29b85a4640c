/** What a search may ask, and what it is looking for. */
export interface CountSearch {
  /** From 0 to this. */
  readonly most: number;
  /** Where it probably lies. */
  readonly guess: number;
  /** What is left after a count: it never rises. */
  readonly leftAt: (count: number) => Promise<number>;
  /** At most this is to be left. */
  readonly wanted: number;
}

/** A count with what is left after it. */
interface Probe {
  readonly count: number;
  readonly left: number;
}

/**
 * The smallest count that leaves at most what is wanted; null where even all do not suffice. Around a guess the
 * search widens by doubled steps; then it goes to where a straight line would cross, and to the middle whenever
 * that did not halve the rest. A perfect guess costs two questions, others at most about 4 log2(most).
 */
export async function smallestCount(search: CountSearch): Promise<number | null> {
  const bracket = await bracketAround(search);
  if (bracket === null) return null;
  return bracket.low === null ? bracket.high.count : within(search, bracket.low, bracket.high);
}

async function within({ leftAt, wanted }: CountSearch, from: Probe, to: Probe): Promise<number> {
  let [low, high] = [from, to];
  let halve = false;
  while (high.count - low.count > 1) {
    const rest = high.count - low.count;
    const count = halve ? low.count + Math.floor(rest / 2) : crossing(low, high, wanted);
    const probe: Probe = { count, left: await leftAt(count) };
    if (probe.left <= wanted) high = probe;
    else low = probe;
    halve = !halve && high.count - low.count > rest / 2;
  }
  return high.count;
}

interface Bracket {
  /** Too much is left; null where no count is too small. */
  readonly low: Probe | null;
  /** Little enough is left. */
  readonly high: Probe;
}

async function bracketAround({
  most,
  guess,
  leftAt,
  wanted,
}: CountSearch): Promise<Bracket | null> {
  const probe = async (count: number): Promise<Probe> => ({ count, left: await leftAt(count) });
  let at = await probe(Math.min(most, Math.max(0, Math.round(guess))));
  const direction = at.left <= wanted ? -1 : 1;
  for (let step = 1; ; step *= 2) {
    const end = direction < 0 ? 0 : most;
    if (at.count === end) return direction < 0 ? { low: null, high: at } : null;
    const next = await probe(Math.min(most, Math.max(0, at.count + direction * step)));
    const crossed = next.left <= wanted !== at.left <= wanted;
    if (crossed) return direction < 0 ? { low: next, high: at } : { low: at, high: next };
    at = next;
  }
}

/** Where the line between two probes falls to what is wanted, strictly between them. */
function crossing(low: Probe, high: Probe, wanted: number): number {
  const share = (low.left - wanted) / (low.left - high.left);
  const count = low.count + Math.ceil(share * (high.count - low.count));
  return Math.min(high.count - 1, Math.max(low.count + 1, count));
}
