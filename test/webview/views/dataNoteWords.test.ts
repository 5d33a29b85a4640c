import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataRecipe } from '../../../src/core/recipe/recipe';
import type { DataNote, DataView } from '../../../src/protocol/views';
import { noteText, openNotes } from '../../../webview/views/dataNoteWords';

const imageNet: DataNote = { kind: 'mayBeImageNet', mean: [0.5], std: [0.2] };
const resized: DataNote = { kind: 'resized', from: [32, 48, 3], to: [28, 28, 1] };

function viewWith(notes: readonly DataNote[]): DataView {
  const suggestion = { file: '/data' };
  return {
    path: '/data',
    name: 'data',
    kind: 'images',
    arrays: [],
    rowCount: 1,
    suggestion,
    notes,
  };
}

function openKinds(notes: readonly DataNote[], data: Omit<DataRecipe, 'file'>): readonly string[] {
  return openNotes(viewWith(notes), { file: '/data', ...data }).map(({ kind }) => kind);
}

test('a note goes when the setting that answers it is made', () => {
  assert.deepEqual(openKinds([imageNet, resized], {}), ['mayBeImageNet', 'resized']);
  assert.deepEqual(openKinds([imageNet, resized], { mean: [0] }), ['resized']);
  assert.deepEqual(openKinds([imageNet, resized], { image: { size: [28, 28] } }), [
    'mayBeImageNet',
  ]);
  assert.deepEqual(openKinds([{ kind: 'noLabels' }], { labels: 'y' }), []);
});

test('labels that were taken away are missed, too', () => {
  assert.deepEqual(openKinds([], { labels: [] }), ['noLabels']);
  assert.deepEqual(openKinds([{ kind: 'noLabels' }], { labels: [] }), ['noLabels']);
});

test('a note is a sentence that says what and where', () => {
  assert.equal(noteText(resized), 'Pictures of 32×48×3 become 28×28×1.');
  assert.equal(
    noteText({ kind: 'missingValues', column: 'age', row: 1200 }),
    'Row 1,200 of age is no number; choose other rows or inputs.',
  );
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  assert.equal(noteText({ kind: 'classes', names }), '7 classes: a, b, c, d, e, f, …');
});
