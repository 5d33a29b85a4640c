import type { Architecture, ArchitectureLayer } from './recipe';
import type { RecipeReader } from './recipeReader';
import { withoutUndefined } from './withoutUndefined';

/** Reads the `architecture` of a recipe. @throws UsageError naming the field. */
export function parseArchitecture(reader: RecipeReader): Architecture {
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
