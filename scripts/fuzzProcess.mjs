// The process that exercises mutants.
import { fork } from 'node:child_process';
import { bundledPath } from './bundle.mjs';
import { root } from './install.mjs';

/** It is replaced after so many, so that memory is measured of few files at a time. */
const MUTANTS_PER_PROCESS = 250;

/** A process that exercises files, replaced when it dies, hangs, or has done its share. */
export class FuzzProcess {
  #process = null;
  #done = 0;
  #limits;

  constructor(limits) {
    this.#limits = limits;
  }

  async exercise(file) {
    if (this.#process === null || this.#done >= MUTANTS_PER_PROCESS) this.#start();
    this.#done += 1;
    const answer = await this.#ask(file);
    if (answer.outcome === 'crashed' || answer.peakBytes > this.#limits.limitBytes) this.stop();
    return answer;
  }

  stop() {
    this.#process?.kill('SIGKILL');
    this.#process = null;
  }

  #start() {
    this.stop();
    this.#process = fork(bundledPath('test/fuzz/fuzzChild.ts'), [], {
      execArgv: ['--enable-source-maps'],
      env: { ...process.env, SECATEUR_ROOT: root },
    });
    this.#done = 0;
  }

  #ask(file) {
    const child = this.#process;
    const start = performance.now();
    return new Promise((resolve) => {
      const finish = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(answer);
      };
      const failed = (error) =>
        finish({
          outcome: 'crashed',
          error,
          milliseconds: performance.now() - start,
          peakBytes: 0,
        });
      // Far longer than the limit, which is of processor time: on a busy machine that comes slowly, and only what
      // never ends must not be waited for.
      const patience = 30 * this.#limits.limitMs;
      const timer = setTimeout(() => failed(`no answer within ${patience} ms`), patience);
      child.once('exit', (code, signal) => failed(`the process ended: ${signal ?? code}`));
      child.once('message', finish);
      child.send(file);
    });
  }
}
