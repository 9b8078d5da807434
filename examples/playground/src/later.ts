// Parts of hidden panels are loaded when they are shown, or once the page has loaded.

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
        // A later call may succeed, once the network is back.
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
