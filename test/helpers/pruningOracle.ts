/** One layer of a level in test/fixtures/oracles/pruning. */
export interface PrunedLayerOracle {
  readonly size: number;
  readonly pruned: number;
  readonly mask_sha256: string;
  readonly max_pruned: number | null;
  readonly min_kept: number | null;
  readonly tie_at_threshold: boolean;
}

/** What a model does on the test data, as its framework computed it. */
export interface MeasuredOracle {
  readonly accuracy?: number;
  readonly correct?: number;
  readonly n: number;
  readonly loss?: number;
  readonly mse?: number;
}

export interface LevelOracle {
  readonly per_layer: Readonly<Record<string, PrunedLayerOracle>>;
  readonly total: PrunedLayerOracle;
  readonly after: MeasuredOracle;
}

interface LevelsHolder {
  readonly before: MeasuredOracle;
  readonly levels: Readonly<Record<string, LevelOracle>>;
}

/** The levels of an oracle: the torch ones hold them under `magnitude`, the Keras ones at the top. */
export function levelsOf(oracle: unknown): Readonly<Record<string, LevelOracle>> {
  return holderOf(oracle).levels;
}

/** The figures before pruning. */
export function beforeOf(oracle: unknown): MeasuredOracle {
  return holderOf(oracle).before;
}

function holderOf(oracle: unknown): LevelsHolder {
  const { magnitude } = oracle as { magnitude?: LevelsHolder };
  return magnitude ?? (oracle as LevelsHolder);
}
