import { FormatError } from '../../errors';
import { describeJson, isJsonObject, type JsonObject } from '../parseJson';

/** A node of a TensorFlow graph, as far as it says which weights are used for what. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes whose values it reads, in order; without control inputs and output numbers. */
  readonly inputs: readonly string[];
  /** Which output of each of these nodes it reads. */
  readonly outputNumbers: readonly number[];
  readonly attributes: JsonObject;
}

/**
 * The nodes of a graph model's topology.
 * @throws FormatError naming the node.
 * Source: INodeDef of TensorFlow.js 4.22, tfjs-converter/src/data/compiled_api.ts.
 */
export function parseGraphNodes(topology: unknown): readonly GraphNode[] {
  const nodes = isJsonObject(topology) ? topology['node'] : undefined;
  if (nodes === undefined) return [];
  if (!Array.isArray(nodes)) throw bad('modelTopology.node', nodes, 'a list of nodes');
  return nodes.map((node: unknown, i) => parseNode(node, `modelTopology.node[${i}]`));
}

function parseNode(node: unknown, place: string): GraphNode {
  if (!isJsonObject(node)) throw bad(place, node, 'an object with name and op');
  const { name, op, input = [], attr = {} } = node;
  if (typeof name !== 'string' || typeof op !== 'string') {
    throw bad(place, node, 'an object with name and op');
  }
  if (!Array.isArray(input) || !input.every((one) => typeof one === 'string')) {
    throw bad(`${place}.input`, input, 'a list of names');
  }
  if (!isJsonObject(attr)) throw bad(`${place}.attr`, attr, 'an object');
  const read = input.filter((one) => !one.startsWith('^'));
  const inputs = read.map((one) => one.replace(/:\d+$/, ''));
  const outputNumbers = read.map((one) => Number(/:(\d+)$/.exec(one)?.[1] ?? 0));
  return { name, op, inputs, outputNumbers, attributes: attr };
}

/** Whether an attribute is the truth value true. */
export function isTrue({ attributes }: GraphNode, attribute: string): boolean {
  const value = attributes[attribute];
  return isJsonObject(value) && value['b'] === true;
}

/** "BiasAdd" in base64, as texts stand in the topology. */
const BIAS_ADD = 'Qmlhc0FkZA==';

/** Whether a fused operation adds a bias, which is then the third thing it reads. */
export function addsBias({ attributes }: GraphNode): boolean {
  const fused = attributes['fused_ops'];
  const list = isJsonObject(fused) ? fused['list'] : undefined;
  const texts = isJsonObject(list) ? list['s'] : undefined;
  return Array.isArray(texts) && texts[0] === BIAS_ADD;
}

function bad(place: string, value: unknown, allowed: string): FormatError {
  return new FormatError({ format: 'tfjs', place, found: describeJson(value), allowed });
}
