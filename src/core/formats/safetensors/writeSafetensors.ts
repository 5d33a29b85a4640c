import type { Model } from '../../model/model';
import type { ByteSink } from '../../model/modelSink';
import { streamInCOrder } from '../../model/streamInCOrder';
import { type JobControl, throwIfCancelled } from '../../progress';
import type { SafetensorsPlan } from './planSafetensors';

/** What is written at once, so that a cancel need not wait long. */
const SLICE_BYTES = 4 * 1024 * 1024;

/**
 * Streams a model's tensors into a safetensors file as planned, from its start to its end. Values
 * come as they are, little-endian and in C order; what TensorFlow.js dequantises as float32.
 * @throws IoError, FormatError, CancelledError.
 */
export async function writeSafetensors(
  model: Model,
  plan: SafetensorsPlan,
  sink: ByteSink,
  control: JobControl,
): Promise<void> {
  await sink.write(0, plan.head);
  for (const { tensor, name, byteOffset } of plan.tensors) {
    let at = byteOffset;
    for await (const chunk of streamInCOrder(model, tensor)) {
      for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
        throwIfCancelled(control.signal);
        const bytes = chunk.subarray(start, start + SLICE_BYTES);
        await sink.write(at, bytes);
        at += bytes.length;
        control.report({ phase: 'write', done: at, total: plan.byteLength, item: name });
      }
    }
  }
}
