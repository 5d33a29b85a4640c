import { DEFAULT_RECIPE } from '../../src/core/recipe/parseRecipe';
import type { Recipe } from '../../src/core/recipe/recipe';
import type { Plan, PlanEntry } from '../../src/core/report/plan';
import type { HostToPanel } from '../../src/protocol/hostWebview';
import type {
  LayerView,
  ModelView,
  StorageView,
  TensorStatisticsView,
} from '../../src/protocol/views';
import { MAGNITUDE_STEPS } from '../../src/core/statistics/tensorStatistics';
import type { PanelAction } from '../../webview/state/actions';
import { initialState, type PanelState } from '../../webview/state/panelState';
import { reduce } from '../../webview/state/reduce';

/** A recipe with some fields of its own. */
export function recipeWith(fields: Partial<Recipe>): Recipe {
  return { ...DEFAULT_RECIPE, ...fields };
}

/** A prunable layer whose weight is `NAME/kernel`. */
export function layerView(name: string, fields: Partial<LayerView> = {}): LayerView {
  const weight = {
    name: `${name}/kernel`,
    shape: [10, 100],
    dtype: 'float32',
    elementCount: 1000,
    role: 'parameter',
  } as const;
  return {
    name,
    operator: 'dense',
    operatorLabel: 'Dense',
    tensors: [weight.name],
    weight,
    parameterCount: 1000,
    prunable: true,
    lockedBy: null,
    isOutput: false,
    guessed: false,
    unitAxis: 1,
    unitCount: 100,
    unitAxisBy: null,
    ...fields,
  };
}

/** A tensor's bytes at the beginning of a file. */
const STORAGE: StorageView = {
  byteLength: 4000,
  elementType: 'float32',
  file: 'weights.bin',
  byteOffset: 0,
  pieceCount: 1,
  littleEndian: true,
  axisOrder: null,
  codes: null,
};

/** A model of the given layers and nothing else. */
export function modelView(layers: readonly LayerView[]): ModelView {
  const tensors = layers.flatMap(({ weight }) => (weight === null ? [] : [weight]));
  return {
    path: '/models/net',
    name: 'net',
    format: 'tfjs',
    formatLabel: 'TensorFlow.js',
    parameterCount: tensors.reduce((sum, { elementCount }) => sum + elementCount, 0),
    byteLength: 4000,
    dtypes: ['float32'],
    tensors: tensors.map((tensor) => ({ ...tensor, storage: STORAGE })),
    layers,
    notices: [],
    metadata: [],
    executable: true,
    notExecutableBecause: null,
    nodeCount: 4,
    hasHeads: false,
    hasUnitScales: false,
    inputs: [],
    outputs: [],
  };
}

/** Statistics of a tensor of 1,000 weights with |w| spread evenly from 0 (not in it) to `largest`. */
export function evenStatistics(tensor: string, largest: number): TensorStatisticsView {
  const magnitudes = Array.from({ length: MAGNITUDE_STEPS + 1 }, (_, step) => {
    return (largest * (1 + (step * 999) / MAGNITUDE_STEPS)) / 1000;
  });
  return {
    tensor,
    statistics: {
      count: 1000,
      min: -largest,
      max: largest,
      mean: 0,
      std: largest / 2,
      zeros: 0,
      nonFinite: 0,
      l1: 0,
      l2: 0,
      histogram: { edges: [], counts: [] },
    },
    distribution: {
      limit: largest,
      bins: [],
      zeros: 0,
      magnitudes,
      medianMagnitude: largest / 2,
    },
    constantUnits: null,
  };
}

/** A plan with these entries, one a layer of 1,000 weights. */
export function planOf(zeros: Readonly<Record<string, number>>): Plan {
  const entries = Object.entries(zeros).map(([layer, zerosAfter]): PlanEntry => {
    const cut = { threshold: 0.5, tieLimit: 0, unitMap: null, zeroedUnits: [] };
    return {
      layer,
      tensor: `${layer}/kernel`,
      bias: null,
      criterion: 'magnitude',
      cut,
      elementCount: 1000,
      zerosBefore: 0,
      zerosAfter,
      nonFinite: 0,
      overridden: false,
    };
  });
  const all = entries.reduce((sum, entry) => sum + entry.zerosAfter, 0);
  const elementCount = 1000 * entries.length;
  const totals = {
    elementCount,
    zeros: all,
    sparsity: all / elementCount,
    parametersBefore: elementCount,
    parametersAfter: elementCount,
  };
  return { entries, totals, globalThreshold: 0.5, warnings: [], leftEnds: [] };
}

/** The state after messages of the host. */
export function heard(
  messages: readonly HostToPanel[],
  state: PanelState = initialState,
): PanelState {
  return messages.reduce((next, message) => reduce(next, { type: 'host', message }).state, state);
}

/** The state after actions, and all that the host was told of them. */
export function acted(
  state: PanelState,
  actions: readonly PanelAction[],
): ReturnType<typeof reduce> {
  return actions.reduce<ReturnType<typeof reduce>>(
    (step, action) => {
      const next = reduce(step.state, action);
      return { state: next.state, send: [...step.send, ...next.send] };
    },
    { state, send: [] },
  );
}

const CONTEXT = { folder: '', outputName: 'net.pruned', trusted: true, engine: 'wasm' };

/** A panel that knows a model of two layers, `a` with |w| up to 1 and `b` up to 2, and its plan. */
export function openedPanel(recipe: Partial<Recipe> = {}): PanelState {
  const model = modelView([layerView('a'), layerView('b')]);
  return heard([
    { type: 'model', model, context: CONTEXT },
    { type: 'recipe', recipe: recipeWith(recipe), revision: 1, canUndo: false },
    {
      type: 'statistics',
      statistics: [evenStatistics('a/kernel', 1), evenStatistics('b/kernel', 2)],
    },
    { type: 'plan', plan: planOf({ a: 600, b: 400 }), revision: 1 },
  ]);
}
