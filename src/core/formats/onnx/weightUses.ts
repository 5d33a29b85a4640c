import type { LayerOperator } from '../../model/model';
import type { OnnxNode } from './messages';

/** An input of a node that weights come in by, with what belongs to it. */
export interface WeightUse {
  readonly input: number;
  readonly operator: LayerOperator | 'convolution';
  /** The axis of the input that counts output units, from the end where negative; null: none does. */
  readonly unitAxis: number | null;
  readonly bias?: number;
  /** Inputs of scale and zero point, where the operator takes codes. */
  readonly scale?: number;
  readonly zeroPoint?: number;
  /** The bias may be added by a node that follows. */
  readonly biasFollows?: true;
  /** The product is scaled by a node that follows. */
  readonly scaleFollows?: true;
}

type Rule = (node: OnnxNode) => readonly WeightUse[];

function intOf(node: OnnxNode, name: string, otherwise: number): number {
  return node.attributes.get(name)?.int ?? otherwise;
}

function transposedB(node: OnnxNode): -2 | -1 {
  return intOf(node, 'transB', 0) === 0 ? -1 : -2;
}

const convolution: Rule = () => [{ input: 1, operator: 'convolution', unitAxis: 0, bias: 2 }];

const gemm: Rule = (node) => [
  { input: 1, operator: 'dense', unitAxis: transposedB(node), bias: 2 },
];

const matMul: Rule = (node) => [
  { input: 0, operator: 'dense', unitAxis: -2 },
  { input: 1, operator: 'dense', unitAxis: transposedB(node), biasFollows: true },
];

const recurrent: Rule = () => [
  { input: 1, operator: 'recurrent', unitAxis: null, bias: 3 },
  { input: 2, operator: 'recurrent', unitAxis: null },
];

/**
 * The operators that multiply with weights, and Gather, which looks them up. Those of ONNX Runtime
 * (com.microsoft) have names of their own.
 * Source: Operators.md of ONNX 1.23, ContribOperators.md of ONNX Runtime 1.30.
 */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Conv', convolution],
  ['FusedConv', convolution],
  ['DeformConv', () => [{ input: 1, operator: 'convolution', unitAxis: 0, bias: 3 }]],
  [
    'ConvInteger',
    () => [{ input: 1, operator: 'convolution', unitAxis: 0, zeroPoint: 3, scaleFollows: true }],
  ],
  [
    'QLinearConv',
    () => [{ input: 3, operator: 'convolution', unitAxis: 0, bias: 8, scale: 4, zeroPoint: 5 }],
  ],
  [
    'ConvTranspose',
    (node) => {
      // With groups the axis counts the units of one group only.
      const unitAxis = intOf(node, 'group', 1) === 1 ? 1 : null;
      return [{ input: 1, operator: 'convTranspose', unitAxis, bias: 2 }];
    },
  ],
  ['Gemm', gemm],
  ['FusedGemm', gemm],
  [
    'QGemm',
    (node) => {
      const unitAxis = transposedB(node);
      return [{ input: 3, operator: 'dense', unitAxis, bias: 6, scale: 4, zeroPoint: 5 }];
    },
  ],
  ['MatMul', matMul],
  ['FusedMatMul', matMul],
  [
    'MatMulInteger',
    () => [
      { input: 0, operator: 'dense', unitAxis: -2, zeroPoint: 2, scaleFollows: true },
      {
        input: 1,
        operator: 'dense',
        unitAxis: -1,
        zeroPoint: 3,
        scaleFollows: true,
        biasFollows: true,
      },
    ],
  ],
  [
    'QLinearMatMul',
    () => [
      { input: 0, operator: 'dense', unitAxis: -2, scale: 1, zeroPoint: 2 },
      { input: 3, operator: 'dense', unitAxis: -1, scale: 4, zeroPoint: 5 },
    ],
  ],
  [
    'DynamicQuantizeMatMul',
    () => [{ input: 1, operator: 'dense', unitAxis: -1, bias: 4, scale: 2, zeroPoint: 3 }],
  ],
  [
    'MatMulIntegerToFloat',
    () => [{ input: 1, operator: 'dense', unitAxis: -1, bias: 6, scale: 3, zeroPoint: 5 }],
  ],
  ['MatMulNBits', () => [{ input: 1, operator: 'dense', unitAxis: 0, bias: 5 }]],
  [
    'Attention',
    (node) => (node.domain === '' ? [] : [{ input: 1, operator: 'dense', unitAxis: 1, bias: 2 }]),
  ],
  ['LSTM', recurrent],
  ['GRU', recurrent],
  ['RNN', recurrent],
  ['DynamicQuantizeLSTM', recurrent],
  [
    'Gather',
    (node) =>
      intOf(node, 'axis', 0) === 0 ? [{ input: 0, operator: 'embedding', unitAxis: 1 }] : [],
  ],
]);

/** The inputs of a node that weights may come in by. */
export function weightUsesOf(node: OnnxNode): readonly WeightUse[] {
  return RULES.get(node.opType)?.(node) ?? [];
}

const NORMALIZATIONS: ReadonlySet<string> = new Set([
  'BatchNormalization',
  'GroupNorm',
  'GroupNormalization',
  'InstanceNormalization',
  'LayerNormalization',
  'RMSNormalization',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
]);

/** Whether a node's constants scale and shift what they normalise. */
export function isNormalization({ opType }: OnnxNode): boolean {
  return NORMALIZATIONS.has(opType);
}
