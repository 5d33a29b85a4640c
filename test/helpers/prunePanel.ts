import type { FrameLocator, Locator, Page } from 'playwright-core';
import { webviewFrame } from './workbench';

/** The prune panel in the visible editor, by what a user finds in it. */
export interface PrunePanelPage {
  readonly frame: FrameLocator;
  readonly grid: Locator;
  readonly prediction: Locator;
  readonly evaluation: Locator;
  readonly sparsityField: Locator;
  readonly sparsitySlider: Locator;
  readonly dataChoice: Locator;
  readonly thresholdHandle: Locator;
  readonly undo: Locator;
  /** The head of the page, which names the model, or the result. */
  readonly heading: Locator;
  /** Shows the evaluation where it shares its place with the distribution. */
  readonly evaluationTab: Locator;
  /** What a drop-down shows as chosen. */
  choiceOf(dropdown: string): Locator;
  button(name: string): Locator;
  /** The row of a layer in the list. */
  row(layer: string): Locator;
  /** Its share of zeros, before → after. */
  sparsityOf(layer: string): Locator;
  overrideOf(layer: string): Locator;
  /** A row of a table of measures: name, before, after, change. */
  measure(name: string): Locator;
}

export function prunePanel(page: Page): PrunePanelPage {
  const frame = webviewFrame(page);
  const row = (layer: string): Locator => frame.locator(`[data-layer="${layer}"]`);
  return {
    frame,
    grid: frame.getByRole('grid', { name: 'Layers' }),
    prediction: frame.getByRole('region', { name: 'Prediction' }),
    evaluation: frame.getByRole('region', { name: 'Evaluation' }),
    sparsityField: frame.locator('#field-sparsity input'),
    sparsitySlider: frame.getByRole('slider', { name: 'Sparsity' }),
    dataChoice: frame.getByRole('combobox', { name: 'Data' }),
    thresholdHandle: frame.getByRole('slider', { name: /^Threshold of/ }),
    undo: frame.getByRole('button', { name: 'Undo the last change of the plan' }),
    heading: frame.getByRole('heading', { level: 1 }),
    evaluationTab: frame.getByRole('tab', { name: 'Evaluation' }),
    choiceOf: (dropdown) =>
      frame.getByRole('combobox', { name: dropdown }).locator('.selected-value'),
    button: (name) => frame.getByRole('button', { name, exact: true }),
    row,
    sparsityOf: (layer) => row(layer).locator('.c-after'),
    overrideOf: (layer) => row(layer).locator('.c-own'),
    measure: (name) =>
      frame.getByRole('row').filter({ has: frame.getByRole('rowheader', { name, exact: true }) }),
  };
}
