import type { EngineWish } from '../../core/graph/engineChoice';
import type { ReportProgress } from '../../core/progress';
import type { Architecture } from '../../core/recipe/recipe';
import type { SweepPart } from '../../core/sweep/sweep';
import type { AuditReport } from '../../core/report/audit';
import type { WorkerMethod, WorkerParams, WorkerResult } from '../../protocol/hostWorker';
import type { DataView, EqualTensors, ModelView, TensorStatisticsView } from '../../protocol/views';
import type { WorkerProcess } from './workerProcess';

/** How the host watches and stops one request. */
export interface Watch {
  readonly signal?: AbortSignal;
  readonly report?: ReportProgress;
}

/** What the host asks of the worker, each with only the progress that it can have. */
export class WorkerClient {
  readonly #worker: WorkerProcess;

  constructor(worker: WorkerProcess) {
    this.#worker = worker;
  }

  openModel(path: string, architecture?: Architecture, watch?: Watch): Promise<ModelView> {
    return this.#ask('openModel', architecture ? { path, architecture } : { path }, watch);
  }

  /** After a worker was killed: its successor removes what it was writing into a folder. */
  async clearUp(folder: string): Promise<void> {
    await this.#ask('clearUp', { folder });
  }

  describeData(params: WorkerParams<'describeData'>): Promise<DataView> {
    return this.#ask('describeData', params);
  }

  /** Tells each tensor's statistics as they come. */
  async readStatistics(
    params: WorkerParams<'readStatistics'>,
    onTensor: (statistics: TensorStatisticsView) => void,
    watch: Watch = {},
  ): Promise<void> {
    await this.#worker.request('readStatistics', params, {
      signal: watch.signal,
      onProgress: (progress) => {
        if (progress.kind === 'tensorStatistics') onTensor(progress.statistics);
        else if (progress.kind === 'progress') watch.report?.(progress.report);
      },
    });
  }

  /** While statistics are read: which tensors come next. */
  async measureNext(path: string, tensors: readonly string[]): Promise<void> {
    await this.#ask('measureNext', { path, tensors });
  }

  /** Which of the tensors that look alike hold the same bytes. */
  async findEqualTensors(
    params: WorkerParams<'findEqualTensors'>,
    watch?: Watch,
  ): Promise<readonly EqualTensors[]> {
    return (await this.#ask('findEqualTensors', params, watch)).groups;
  }

  /** Has networks run on the engine that is asked for. */
  async useEngine(wish: EngineWish): Promise<void> {
    await this.#ask('useEngine', wish);
  }

  /** Has npm install the native engine into a folder. */
  async installNativeEngine(folder: string, watch: Watch): Promise<void> {
    await this.#ask('installNativeEngine', { folder }, watch);
  }

  /** What loading a file with Python would import and run. */
  audit(path: string, watch?: Watch): Promise<AuditReport> {
    return this.#ask('audit', { path }, watch);
  }

  plan(params: WorkerParams<'plan'>, watch?: Watch): Promise<WorkerResult<'plan'>> {
    return this.#ask('plan', params, watch);
  }

  /** What the units of one tensor are ranked by. */
  unitScores(
    params: WorkerParams<'unitScores'>,
    watch?: Watch,
  ): Promise<WorkerResult<'unitScores'>> {
    return this.#ask('unitScores', params, watch);
  }

  evaluate(params: WorkerParams<'evaluate'>, watch?: Watch): Promise<WorkerResult<'evaluate'>> {
    return this.#ask('evaluate', params, watch);
  }

  /** Tells each part of a curve as it comes. */
  sweep(
    params: WorkerParams<'sweep'>,
    onPart: (part: SweepPart) => void,
    watch: Watch = {},
  ): Promise<WorkerResult<'sweep'>> {
    return this.#worker.request('sweep', params, {
      signal: watch.signal,
      onProgress: (progress) => {
        if (progress.kind === 'sweepPart') onPart(progress.part);
        else if (progress.kind === 'progress') watch.report?.(progress.report);
      },
    });
  }

  sensitivity(
    params: WorkerParams<'sensitivity'>,
    watch?: Watch,
  ): Promise<WorkerResult<'sensitivity'>> {
    return this.#ask('sensitivity', params, watch);
  }

  prune(params: WorkerParams<'prune'>, watch?: Watch): Promise<WorkerResult<'prune'>> {
    return this.#ask('prune', params, watch);
  }

  /** Writes a model's file without its zeros. */
  pack(params: WorkerParams<'pack'>, watch?: Watch): Promise<WorkerResult<'pack'>> {
    return this.#ask('pack', params, watch);
  }

  convert(params: WorkerParams<'convert'>, watch?: Watch): Promise<WorkerResult<'convert'>> {
    return this.#ask('convert', params, watch);
  }

  #ask<M extends WorkerMethod>(
    method: M,
    params: WorkerParams<M>,
    watch: Watch = {},
  ): Promise<WorkerResult<M>> {
    return this.#worker.request(method, params, {
      signal: watch.signal,
      onProgress: (progress) => {
        if (progress.kind === 'progress') watch.report?.(progress.report);
      },
    });
  }
}
