import type {
  ConvolutionOperator,
  DepthwiseConvolutionOperator,
  TransposedConvolutionOperator,
} from '../../core/graph/operators/linear';
import type { Shape } from '../../core/graph/shapes/valueFacts';

/** Operators whose kernel is a window that moves over an image. */
export type Windowed =
  ConvolutionOperator | DepthwiseConvolutionOperator | TransposedConvolutionOperator;

/** A weight of such a kernel. */
export interface KernelPlace {
  readonly group: number;
  /** Within its group. */
  readonly output: number;
  /** Within its group. */
  readonly channel: number;
  readonly tap: number;
  readonly taps: number;
}

/** How a kernel is laid out. */
export interface KernelPlaces {
  readonly window: Shape;
  readonly groups: number;
  /** Of one group. */
  readonly channels: number;
  /** Of one group. */
  readonly outputs: number;
  /** In C order. */
  indexOf(place: KernelPlace): number;
}

/** @param kernel its shape, as the operator reads it */
export function kernelPlaces(operator: Windowed, kernel: Shape): KernelPlaces {
  if (operator.kind === 'depthwiseConvolution') {
    const [groups = 1, outputs = 1] = kernel.slice(-2);
    return {
      window: kernel.slice(0, -2),
      groups,
      channels: 1,
      outputs,
      indexOf: ({ group, output, tap }) => (tap * groups + group) * outputs + output,
    };
  }
  const { kernelLayout, groups } = operator;
  const [a = 1, b = 1] = kernelLayout.startsWith('spatial') ? kernel.slice(-2) : kernel;
  const window = kernelLayout.startsWith('spatial') ? kernel.slice(0, -2) : kernel.slice(2);
  switch (kernelLayout) {
    case 'spatial-in-out':
      return {
        window,
        groups,
        channels: a,
        outputs: b / groups,
        indexOf: ({ group, output, channel, tap }) =>
          (tap * a + channel) * b + (group * b) / groups + output,
      };
    case 'out-in-spatial':
      return {
        window,
        groups,
        channels: b,
        outputs: a / groups,
        indexOf: ({ group, output, channel, tap, taps }) =>
          (((group * a) / groups + output) * b + channel) * taps + tap,
      };
    case 'spatial-out-in':
      return {
        window,
        groups: 1,
        channels: b,
        outputs: a,
        indexOf: ({ output, channel, tap }) => (tap * a + output) * b + channel,
      };
    case 'in-out-spatial':
      return {
        window,
        groups,
        channels: a / groups,
        outputs: b,
        indexOf: ({ group, output, channel, tap, taps }) =>
          (((group * a) / groups + channel) * b + output) * taps + tap,
      };
  }
}
