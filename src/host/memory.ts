import type { Memento } from 'vscode';
import type { DataRecipe, Recipe } from '../core/recipe/recipe';

const RECENT_LIMIT = 20;

/** What was chosen last in this workspace, so that it is offered first the next time. */
export class Memory {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** Models, recipes or data files that were used, the last one first; absolute paths. */
  recent(kind: 'model' | 'recipe' | 'data'): readonly string[] {
    return this.#memento.get<readonly string[]>(`recent.${kind}`) ?? [];
  }

  async use(kind: 'model' | 'recipe' | 'data', path: string): Promise<void> {
    const others = this.recent(kind).filter((other) => other !== path);
    await this.#memento.update(`recent.${kind}`, [path, ...others].slice(0, RECENT_LIMIT));
  }

  /** How a model was evaluated last; null when it was not, or without data on purpose. */
  dataOf(modelPath: string): DataRecipe | null {
    return this.#table<DataRecipe>('data')[modelPath] ?? null;
  }

  setDataOf(modelPath: string, data: DataRecipe | null): Promise<void> {
    return this.#put('data', modelPath, data);
  }

  /** The recipe of a panel that was open when the window closed. */
  openRecipe(modelPath: string): Recipe | null {
    return this.#table<Recipe>('openRecipes')[modelPath] ?? null;
  }

  setOpenRecipe(modelPath: string, recipe: Recipe | null): Promise<void> {
    return this.#put('openRecipes', modelPath, recipe);
  }

  #table<T>(key: string): Readonly<Record<string, T>> {
    return this.#memento.get<Readonly<Record<string, T>>>(key) ?? {};
  }

  async #put(key: string, name: string, value: unknown): Promise<void> {
    const others = Object.entries(this.#table(key)).filter(([other]) => other !== name);
    const entries = value === null ? others : [...others, [name, value]];
    await this.#memento.update(key, Object.fromEntries(entries.slice(-RECENT_LIMIT)));
  }
}
