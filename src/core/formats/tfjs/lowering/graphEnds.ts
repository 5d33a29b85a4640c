import type { GraphInput } from '../../../graph/graph';
import { isJsonObject, type JsonObject } from '../../parseJson';
import type { GraphNode } from '../graphNodes';
import { NodeAttributes } from './attributes';
import { valueTypeOfName } from './valueTypes';

/** What a graph model takes and gives. */
export interface GraphEnds {
  readonly inputs: readonly (Omit<GraphInput, 'value'> & { readonly node: string })[];
  readonly outputs: readonly {
    readonly name: string;
    readonly node: string;
    readonly output: number;
  }[];
}

/**
 * Inputs and outputs by the model's signature; without one, all placeholders and all that no node reads.
 * Source: ISignatureDef of TensorFlow.js 4.22; the names of the signature are those that users pass.
 */
export function graphEnds(json: JsonObject, nodes: readonly GraphNode[]): GraphEnds {
  const metadata = json['userDefinedMetadata'];
  const signature =
    json['signature'] ?? (isJsonObject(metadata) ? metadata['signature'] : undefined);
  const { inputs, outputs } = isJsonObject(signature) ? signature : {};
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const placeholders = nodes.filter(({ op }) => op === 'Placeholder');
  const named = namedTensors(inputs).filter(({ node }) => byName.has(node));
  const listed = new Set(named.map(({ node }) => node));
  const rest = placeholders
    .filter(({ name }) => !listed.has(name))
    .map(({ name }) => ({ name, node: name, output: 0 }));
  const given = namedTensors(outputs).filter(({ node }) => byName.has(node));
  return {
    inputs: [...named, ...rest].map(({ name, node }) => ({
      name,
      node,
      ...declared(byName.get(node)),
    })),
    outputs: given.length > 0 ? given : lastNodes(nodes),
  };
}

function namedTensors(infos: unknown) {
  if (!isJsonObject(infos)) return [];
  return Object.entries(infos).flatMap(([name, info]) => {
    const tensor = isJsonObject(info) ? info['name'] : undefined;
    if (typeof tensor !== 'string') return [];
    const output = Number(/:(\d+)$/.exec(tensor)?.[1] ?? 0);
    return [{ name, node: tensor.replace(/:\d+$/, ''), output }];
  });
}

/** A placeholder without a shape may have any rank: its sizes become known with the data. */
function declared(node: GraphNode | undefined): Pick<GraphInput, 'shape' | 'type'> {
  const attributes = new NodeAttributes(node?.attributes ?? {});
  return {
    shape: attributes.shape('shape') ?? [],
    type: valueTypeOfName(attributes.type('dtype')),
  };
}

const NO_OUTPUTS: ReadonlySet<string> = new Set(['NoOp', 'Const', 'Placeholder', 'Assert']);

function lastNodes(nodes: readonly GraphNode[]) {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  return nodes
    .filter(({ name, op }) => !read.has(name) && !NO_OUTPUTS.has(op))
    .map(({ name }) => ({ name, node: name, output: 0 }));
}
