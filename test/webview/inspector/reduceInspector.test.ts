import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InspectorState } from '../../../webview/inspector/state/inspectorState';
import { reduceInspector } from '../../../webview/inspector/state/reduceInspector';
import { modelOf, readInspector, tensorView } from './inspectorFixtures';

const context = { folder: '', trusted: true, auditable: false, convertible: false };

/** The name of what is selected after the file is read anew with tensors of these names. */
function selectedAfter(
  before: readonly string[],
  selected: number,
  after: readonly string[],
): string | null | undefined {
  const model = modelOf(before.map((name) => tensorView(name, [2, 2])));
  let state: InspectorState = readInspector(model);
  state = reduceInspector(state, { type: 'select', tensor: selected }).state;
  const next = modelOf(after.map((name) => tensorView(name, [2, 2])));
  const message = { type: 'model', model: next, context } as const;
  const { view } = reduceInspector(state, { type: 'host', message }).state;
  return view.selected === null ? null : next.tensors[view.selected]?.name;
}

test('a model that is read anew keeps the tensor that was selected, by its name', () => {
  assert.equal(selectedAfter(['a', 'b', 'c'], 2, ['a', 'b', 'c']), 'c');
  assert.equal(selectedAfter(['a', 'b', 'c'], 2, ['new', 'a', 'c', 'b']), 'c');
  assert.equal(selectedAfter(['a', 'b', 'c'], 1, ['x', 'y', 'z']), 'x');
  assert.equal(selectedAfter(['a'], 0, []), null);
});
