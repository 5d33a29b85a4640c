import { isJsonObject } from '../formats/parseJson';
import type {
  Architecture,
  ArchitectureLayer,
  BorrowedArchitecture,
  DenseArchitecture,
} from './recipe';
import type { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** Reads the `architecture` of a recipe. @throws UsageError naming the field. */
export function parseArchitecture(reader: RecipeReader): Architecture {
  return reader.has('graphOf') ? parseBorrowed(reader) : parseDense(reader);
}

function parseBorrowed(reader: RecipeReader): BorrowedArchitecture {
  reader.assertOnly(['graphOf', 'names']);
  const graphOf = reader.text('graphOf');
  if (graphOf === undefined || graphOf === '') throw reader.wrong('graphOf', 'the path of a model');
  const names = reader.raw('names');
  if (names === undefined) return { graphOf };
  if (!isJsonObject(names) || !Object.values(names).every((name) => typeof name === 'string')) {
    throw reader.wrong('names', 'an object of tensor names');
  }
  return { graphOf, names: names as Readonly<Record<string, string>> };
}

function parseDense(reader: RecipeReader): DenseArchitecture {
  reader.assertOnly(['axisOrder', 'layers']);
  const axisOrder = reader.oneOf('axisOrder', ['in-out', 'out-in']);
  if (axisOrder === undefined) throw reader.wrong('axisOrder', '"in-out" or "out-in"');
  const layers = reader.list('layers', parseLayer);
  if (layers === undefined || layers.length === 0) throw reader.wrong('layers', 'a list of layers');
  return { axisOrder, layers };
}

function parseLayer(reader: RecipeReader): ArchitectureLayer {
  reader.assertOnly(['name', 'kernel', 'bias', 'activation']);
  const kernel = reader.text('kernel');
  if (kernel === undefined) throw reader.wrong('kernel', 'the name of a tensor');
  return {
    kernel,
    ...withoutUndefined({
      name: reader.text('name'),
      bias: reader.text('bias'),
      activation: reader.text('activation'),
    }),
  };
}
