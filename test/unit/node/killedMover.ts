// A process that moves a set of files into place and is killed on the way.
import { JOURNAL, moveSet, type SetMove, undoMove } from '../../../src/node/setMove';

const [move, killAfter, undoAfter] = process.argv
  .slice(2)
  .map((text) => JSON.parse(text) as unknown);

/** Kills this process, as a power cut would, after so many steps; undoing begins after so many others. */
async function run(
  set: SetMove,
  { steps, undo }: { readonly steps: number; readonly undo: number | null },
): Promise<void> {
  let done = 0;
  const count = (): void => {
    if (++done === steps) process.kill(process.pid, 'SIGKILL');
  };
  const forward = moveSet(set);
  for (let i = 0; undo === null || i < undo; i++) {
    if ((await forward.next()).done === true) break;
    count();
  }
  if (undo !== null) for await (const step of undoMove(set)) if (step !== '') count();
}

void run(move as SetMove, { steps: killAfter as number, undo: undoAfter as number | null }).then(
  () => process.stdout.write(`done without ${JOURNAL}`),
);
