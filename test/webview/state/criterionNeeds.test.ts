import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRITERIA, CRITERION_TRAITS, needsData } from '../../../src/core/criteria/criterion';
import type { DataView } from '../../../src/protocol/views';
import { missingNeed } from '../../../webview/state/criterionNeeds';
import type { PanelState } from '../../../webview/state/panelState';
import { heard, layerView, modelView, openedPanel, recipeWith } from '../panelFixtures';

const DATA = { file: '/data/digits.npz', labels: 'y' };

function described(notes: DataView['notes']): DataView {
  const suggestion = { file: DATA.file };
  return {
    path: DATA.file,
    name: 'digits.npz',
    kind: 'npz',
    arrays: [],
    rowCount: 10,
    suggestion,
    notes,
  };
}

function withData(notes: DataView['notes']): PanelState {
  const opened = openedPanel({ data: { file: DATA.file } });
  return heard([{ type: 'data', choices: [], selected: described(notes) }], opened);
}

test('without data only what the weights alone tell can be chosen', () => {
  const state = openedPanel();
  for (const criterion of CRITERIA) {
    const need = missingNeed(state, criterion);
    if (criterion === 'bn-scale') assert.equal(need, 'normalization');
    else assert.equal(need, needsData(criterion) ? 'data' : null, criterion);
  }
});

test('data without labels serves criteria that do not look at the loss', () => {
  const unlabelled = withData([{ kind: 'noLabels' }]);
  const labelled = withData([]);
  for (const criterion of CRITERIA.filter(needsData)) {
    const wants = CRITERION_TRAITS[criterion].needsLabels === true;
    assert.equal(missingNeed(unlabelled, criterion), wants ? 'labels' : null, criterion);
    assert.equal(missingNeed(labelled, criterion), null, criterion);
  }
});

test('labels that were switched off count as missing, and calibration data of its own as data', () => {
  assert.equal(missingNeed(openedPanel({ data: { ...DATA, labels: [] } }), 'taylor'), 'labels');
  assert.equal(missingNeed(openedPanel({ calibration: DATA }), 'taylor'), null);
});

test('a file of weights alone offers no criterion that runs the network', () => {
  const model = { ...modelView([layerView('a')]), executable: false };
  const context = { folder: '', outputName: '', trusted: true, engine: '' };
  const state = heard([
    { type: 'model', model, context },
    { type: 'recipe', recipe: recipeWith({ data: DATA }), revision: 1, canUndo: false },
  ]);
  assert.equal(missingNeed(state, 'wanda'), 'graph');
  assert.equal(missingNeed(state, 'lamp'), null);
});

test('the scale of a normalization needs one that follows a layer', () => {
  const context = { folder: '', outputName: '', trusted: true, engine: '' };
  const model = { ...modelView([layerView('a')]), hasUnitScales: true };
  assert.equal(missingNeed(heard([{ type: 'model', model, context }]), 'bn-scale'), null);
});
