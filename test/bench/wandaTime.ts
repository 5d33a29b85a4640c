// Child of scripts/bench.mjs: one message, one measurement, so that processor time and memory are of that alone.
import { prunableTensors } from '../../src/core/selection/prunableTensors';
import { unattended } from '../../src/core/progress';
import { parseRecipe } from '../../src/core/recipe/parseRecipe';
import { openRunnable } from '../../src/engines/jobs/openRunnable';
import { runBatches } from '../../src/engines/jobs/runBatches';
import { scoreFile } from '../../src/engines/scoring/scoreFile';
import { openModelFile } from '../../src/node/openModel';

/** What is measured: scores by wanda, from the file to the file, or the forward pass of an opened network alone. */
export interface WandaRequest {
  readonly work: 'wanda' | 'forward';
  readonly model: string;
  readonly data: string;
  /** For scores. */
  readonly output: string;
}

/** Of one measurement. */
export interface WandaTime {
  /** Of processor time, which other work on the machine changes little. */
  readonly seconds: number;
  readonly samples: number;
  /** Of the process so far. */
  readonly peakMegabytes: number;
}

const ENGINE = { preference: 'tfjs', native: { kind: 'absent' } } as const;

async function scoreByWanda({ model, data, output }: WandaRequest): Promise<number> {
  const recipe = parseRecipe({ criterion: 'wanda' }, 'bench');
  const opened = await openModelFile(model);
  const tensors = prunableTensors(opened.model, recipe).map(({ tensor }) => tensor.name);
  await opened.close();
  const { samples } = await scoreFile(
    {
      ...{ path: model, architecture: null, cuts: [], seed: 0, engine: ENGINE, tensors, output },
      ...{ criterion: 'wanda', options: {}, data: { file: data, labels: [] } },
    },
    unattended,
  );
  return samples;
}

async function measure(work: () => Promise<number>): Promise<WandaTime> {
  const start = process.cpuUsage();
  const samples = await work();
  const { user, system } = process.cpuUsage(start);
  const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
  return { seconds: (user + system) / 1e6, samples, peakMegabytes };
}

async function measureForward({ model, data }: WandaRequest): Promise<WandaTime> {
  const terms = { data: { file: data, labels: [] }, seed: 0, engine: ENGINE };
  const subject = { path: model, architecture: null, cuts: [] };
  const runnable = await openRunnable(subject, terms, unattended);
  const { executor, dataset, plan } = runnable;
  try {
    return await measure(async () => {
      let samples = 0;
      for await (const { sampleCount } of runBatches(executor, dataset, plan, unattended)) {
        samples += sampleCount;
      }
      return samples;
    });
  } finally {
    await runnable.close();
  }
}

process.on('message', (request: WandaRequest) => {
  const measured =
    request.work === 'wanda' ? measure(() => scoreByWanda(request)) : measureForward(request);
  void measured.then((time) => process.send?.(time, () => process.exit(0)));
});
