const ATTEMPTS = 60;
const INTERVAL_MS = 50;

/** Whether a process of this id is gone; waits for one that is just going. */
export async function isGone(processId: number): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      process.kill(processId, 0);
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ESRCH';
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  return false;
}
