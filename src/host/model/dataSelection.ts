import type { DataRecipe } from '../../core/recipe/recipe';
import type { DataView } from '../../protocol/views';
import { findNearbyData } from './dataFinder';
import { architectureOf } from '../recipe/recipeEdits';
import type { SessionCore } from './sessionCore';

/** Which data one model is evaluated on. */
export class DataSelection {
  readonly #core: SessionCore;
  readonly #setData: (data: DataRecipe | null) => void;

  /** @param setData changes the recipe's data */
  constructor(core: SessionCore, setData: (data: DataRecipe | null) => void) {
    this.#core = core;
    this.#setData = setData;
  }

  /** Offers what lies near the model, and shows what the recipe has already. */
  async offer(): Promise<void> {
    const { path, services, history } = this.#core;
    const choices = await findNearbyData(path, services.memory);
    const { data } = history.recipe;
    const selected = data === undefined ? null : await this.#describe(data.file, data);
    this.#core.say({ type: 'data', choices, selected });
  }

  /** Takes a file as the data, the way the worker understands it; null for none. */
  async choose(file: string | null): Promise<void> {
    const choices = this.#core.state.data?.choices ?? [];
    const selected = file === null ? null : await this.#describe(file);
    if (selected === null && file !== null) {
      // The panel shows its own choice until it hears what became of it.
      this.#core.say({ type: 'data', choices, selected: this.#core.state.data?.selected ?? null });
      return;
    }
    this.#core.say({ type: 'data', choices: withChoice(choices, selected), selected });
    await this.change(selected?.suggestion ?? null);
  }

  /** Takes the same file in another way; a csv that is cut otherwise has other columns. */
  async change(data: DataRecipe | null): Promise<void> {
    const earlier = this.#core.history.recipe.data;
    this.#setData(data);
    if (data !== null && isCutOtherwise(data, earlier)) await this.offer();
    const { memory } = this.#core.services;
    await memory.setDataOf(this.#core.path, data);
    if (data !== null) await memory.use('data', data.file);
  }

  async #describe(file: string, csv: CsvChoice = {}): Promise<DataView | null> {
    const { path, services, history } = this.#core;
    try {
      return await services.client.describeData({
        path: file,
        modelPath: path,
        ...architectureOf(history.recipe),
        csv: csvChoice(csv),
      });
    } catch (error) {
      this.#core.fail('evaluate', error);
      return null;
    }
  }
}

type CsvChoice = Pick<DataRecipe, 'header' | 'delimiter'>;

function csvChoice({ header, delimiter }: CsvChoice): CsvChoice {
  return {
    ...(header === undefined ? {} : { header }),
    ...(delimiter === undefined ? {} : { delimiter }),
  };
}

/** Of the same file: another one is described when it is chosen. */
function isCutOtherwise(data: DataRecipe, earlier: DataRecipe | undefined): boolean {
  return (
    earlier?.file === data.file &&
    (earlier.header !== data.header || earlier.delimiter !== data.delimiter)
  );
}

type Choices = NonNullable<SessionCore['state']['data']>['choices'];

/** A file that was browsed for is offered from then on. */
function withChoice(choices: Choices, selected: DataView | null): Choices {
  if (selected === null || choices.some(({ path }) => path === selected.path)) return choices;
  return [{ path: selected.path, label: selected.name }, ...choices];
}
