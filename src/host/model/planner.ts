import type { Recipe } from '../../core/recipe/recipe';
import { scoresOnData } from '../../core/recipe/scoresOnData';
import { withData } from '../recipe/recipeEdits';
import { isSameRecipe } from '../recipe/recipeHistory';
import type { SessionCore } from './sessionCore';

/** Changes that come faster than this are planned once. */
const DELAY_MS = 40;

/** Keeps the plan of one model up to date with its recipe, once somebody wants to see one. */
export class Planner {
  readonly #core: SessionCore;
  #started = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(core: SessionCore) {
    this.#core = core;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.schedule();
  }

  /** Plans the recipe anew if it differs from the earlier one in more than its data. */
  recipeChanged(earlier: Recipe): void {
    const { history, state } = this.#core;
    const samePlan = isSameRecipe(plannedPart(earlier), plannedPart(history.recipe));
    if (!samePlan || state.plan === null || this.#isBusy()) {
      this.schedule();
    } else {
      this.#core.say({ type: 'plan', plan: state.plan.plan, revision: history.revision });
    }
  }

  /** Plans after a moment, so that changes in a row are planned once. */
  schedule(): void {
    if (!this.#started || this.#core.state.model === null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#plan();
    }, DELAY_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #isBusy(): boolean {
    return this.#timer !== undefined || this.#core.tasks.isRunning('plan');
  }

  async #plan(): Promise<void> {
    const { path, history, services } = this.#core;
    const { recipe, revision } = history;
    const plan = await this.#core.run('plan', (watch) =>
      services.client.plan({ path, recipe }, watch),
    );
    // An answer about an older recipe is nobody's any more; the newer plan is on its way.
    if (plan === null || revision !== history.revision) return;
    this.#core.say({ type: 'plan', plan, revision });
  }
}

/** Data that is only evaluated on does not concern the plan. */
function plannedPart(recipe: Recipe): Recipe {
  return scoresOnData(recipe) ? recipe : withData(recipe, null);
}
