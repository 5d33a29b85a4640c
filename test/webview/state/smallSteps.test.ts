import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOfPath } from '../../../webview/state/nameOfPath';
import { parseOverride } from '../../../webview/state/parseOverride';
import { restoreView, saveView } from '../../../webview/state/savedView';
import { acted, openedPanel } from '../panelFixtures';

test('an override is a share, a threshold after a sign, or nothing', () => {
  assert.deepEqual(parseOverride('80 %'), { kind: 'sparsity', sparsity: 0.8 });
  assert.deepEqual(parseOverride('≤ 0.05'), { kind: 'threshold', threshold: 0.05 });
  assert.deepEqual(parseOverride('<=0,05'), { kind: 'threshold', threshold: 0.05 });
  assert.deepEqual(parseOverride(' '), { kind: 'none' });
  assert.deepEqual(parseOverride('140'), { kind: 'invalid' });
  assert.deepEqual(parseOverride('≤ -1'), { kind: 'invalid' });
});

test('a model kept in several files is known by its folder', () => {
  assert.equal(nameOfPath('/w/models/lenet5/model.json'), 'lenet5');
  assert.equal(nameOfPath('C:\\models\\net.safetensors'), 'net.safetensors');
  assert.equal(nameOfPath('model.json'), 'model.json');
});

test('the view comes back as it was, without what was only being done', () => {
  const { view } = acted(openedPanel(), [
    { type: 'sort', column: 'name' },
    { type: 'toggle', what: 'logarithmic' },
    { type: 'togglePane', pane: 'method' },
    { type: 'filter', text: 'conv' },
    { type: 'editOverride', layer: 'a' },
  ]).state;
  const fresh = openedPanel().view;
  const restored = restoreView(fresh, saveView('/net', view));
  assert.deepEqual(restored, { ...view, filter: null, editing: null });
});

test('the saved view names the model, which is all the host gets back', () => {
  assert.equal(saveView('/net', openedPanel().view).path, '/net');
});

test('nothing saved leaves the view as it is', () => {
  const { view } = openedPanel();
  assert.equal(restoreView(view, undefined), view);
});
