import { startOnnxRuntime } from './onnxruntime/startOnnxRuntime';
import { startTfjs } from './tfjs/startTfjs';

/** The engines that come with us, in words, as they run on this machine. */
export async function describeEngines(): Promise<{
  readonly tfjs: string;
  readonly onnxruntime: string;
}> {
  return { tfjs: await startTfjs(), onnxruntime: startOnnxRuntime() };
}
