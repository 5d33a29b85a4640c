import { needsData } from '../criteria/criterion';
import type { Recipe } from './recipe';

/** Whether a plan runs the network on data: what goes, or what stays becomes, is not told by the weights alone. */
export function scoresOnData({ criterion, allocation, reconstruction }: Recipe): boolean {
  return needsData(criterion) || allocation === 'sensitivity' || reconstruction !== undefined;
}
