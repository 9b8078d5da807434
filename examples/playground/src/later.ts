// Parts that nobody sees at first are loaded when they are shown, or when the line is idle.

import type { App, Part } from './app.js';
import { h } from './dom.js';

type Loaded = Part & { readonly element: HTMLElement };

export class Later implements Part {
  readonly element = h('div');
  readonly #load: () => Promise<Loaded>;
  #part: Promise<Loaded> | undefined;

  constructor(load: () => Promise<Loaded>) {
    this.#load = load;
  }

  /** Loads the part, once. */
  load(): Promise<Loaded> {
    this.#part ??= this.#load().then(
      (part) => {
        this.element.append(part.element);
        return part;
      },
      (error: unknown) => {
        // Who asks again may have a network again.
        this.#part = undefined;
        throw error;
      },
    );
    return this.#part;
  }

  async refresh(app: App): Promise<void> {
    await (await this.load()).refresh(app);
  }
}
