import { compareOrder } from '../../state/compareOrder';
import type { Ui } from '../ui';

/** Compares what the form says. */
export function runSweep(ui: Ui): void {
  ui.dispatch({ type: 'cursor', cursor: null });
  ui.dispatch({ type: 'sweep', order: compareOrder(ui.state) });
}
