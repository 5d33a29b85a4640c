import path from 'node:path';
import type { Dataset } from '../../core/evaluation/dataset';
import { UsageError } from '../../core/errors';
import type { Graph } from '../../core/graph/graph';
import type { Model, TensorEntry } from '../../core/model/model';
import { openModelFile } from '../openModel';
import { assertSameRows, buildDataset } from './buildDataset';
import { tensorRows } from './rowSource';

/**
 * The arrays of an npz as inputs alone: each by the input's name, else `input0`, `input1`, … by position,
 * else in the file's order where there are as many arrays as inputs.
 * @throws UsageError naming the arrays there are; FormatError, IoError as reading does.
 */
export async function loadInputs(file: string, graph: Graph): Promise<Dataset> {
  const opened = await openModelFile(file);
  try {
    const name = path.basename(file);
    const inputs = matchInputs(name, opened.model, graph).map((tensor) =>
      tensorRows(opened.model, tensor),
    );
    const parts = {
      name,
      inputs,
      targets: null,
      targetRows: null,
      range: { from: 0, to: assertSameRows(name, inputs) },
      close: () => opened.close(),
    };
    return buildDataset(parts, { file }, graph);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function matchInputs(file: string, { tensors }: Model, graph: Graph): readonly TensorEntry[] {
  const inOrder = tensors.length === graph.inputs.length;
  return graph.inputs.map((input, index) => {
    const array =
      tensors.find(({ name }) => name === input.name) ??
      tensors.find(({ name }) => name === `input${index}`) ??
      (inOrder ? tensors[index] : undefined);
    if (array !== undefined) return array;
    const names = tensors.map(({ name }) => name).join(', ');
    throw new UsageError(
      `${file}: no array ${input.name} or input${index} for the model's input; it has ${names === '' ? 'none' : names}`,
    );
  });
}
