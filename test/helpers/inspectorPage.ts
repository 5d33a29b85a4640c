import type { FrameLocator, Locator, Page } from 'playwright-core';
import { webviewFrame } from './workbench';

/** The inspector in the visible editor, by what a user finds in it. */
export interface InspectorPageParts {
  readonly frame: FrameLocator;
  readonly heading: Locator;
  readonly header: Locator;
  readonly table: Locator;
  readonly rows: Locator;
  readonly filter: Locator;
  readonly distribution: Locator;
  readonly facts: Locator;
  readonly unusual: Locator;
  /** The bars of the large histogram. */
  readonly histogram: Locator;
  button(name: string): Locator;
  /** The row of a tensor, while it is in sight. */
  row(tensor: string): Locator;
  /** A cell of that row. */
  cell(tensor: string, column: string): Locator;
  columnHeader(name: string): Locator;
}

export function inspector(page: Page): InspectorPageParts {
  const frame = webviewFrame(page);
  const row = (tensor: string): Locator => frame.locator(`[data-tensor="${tensor}"]`);
  const area = (name: string): Locator => frame.getByRole('region', { name, exact: true });
  return {
    frame,
    heading: frame.getByRole('heading', { level: 1 }),
    header: frame.locator('.doc-head'),
    table: frame.getByRole('grid', { name: 'Tensors' }),
    rows: frame.locator('[data-tensor]'),
    filter: frame.locator('#tensor-filter input'),
    distribution: area('Distribution'),
    facts: area('Layer and Storage'),
    unusual: area('Unusual'),
    histogram: area('Distribution').locator('svg.chart path.chart-kept'),
    button: (name) => frame.getByRole('button', { name, exact: true }),
    row,
    cell: (tensor, column) => row(tensor).locator(`.c-${column}`),
    columnHeader: (name) => frame.getByRole('columnheader', { name, exact: true }),
  };
}
