// Tabs by the WAI-ARIA pattern: one is in the tab order, arrow keys select the others.

import { h } from './dom.js';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly panel: HTMLElement;
  readonly shown?: () => void;
}

/** Panels under a row of tabs. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #tabs: readonly Tab[];
  readonly #buttons = new Map<string, HTMLButtonElement>();
  #selected = '';

  constructor(label: string, tabs: readonly Tab[]) {
    this.#tabs = tabs;
    const list = h('div', { role: 'tablist', 'aria-label': label, class: 'tabs', onkeydown: (event) => this.#key(event) });
    this.element = h('div', { class: 'tabbed' }, list);
    for (const { id, label, panel } of tabs) {
      const button = h(
        'button',
        { role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}`, onclick: () => this.select(id) },
        h('span', {}, label),
      );
      this.#buttons.set(id, button);
      list.append(button);
      panel.id = `panel-${id}`;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', `tab-${id}`);
      panel.setAttribute('tabindex', '0');
      panel.classList.add('panel');
      this.element.append(panel);
    }
    this.select(tabs[0]?.id ?? '');
  }

  get selected(): string {
    return this.#selected;
  }

  select(id: string): void {
    this.#selected = id;
    for (const tab of this.#tabs) {
      const isIt = tab.id === id;
      tab.panel.hidden = !isIt;
      const button = this.#buttons.get(tab.id);
      button?.setAttribute('aria-selected', String(isIt));
      button?.setAttribute('tabindex', isIt ? '0' : '-1');
      if (isIt) tab.shown?.();
    }
  }

  /** Shows a number beside the label of a tab. */
  count(id: string, count: number): void {
    const button = this.#buttons.get(id);
    button?.querySelector('.count')?.remove();
    if (count > 0) button?.append(h('span', { class: 'count' }, String(count)));
  }

  #key(event: Event): void {
    const { key } = event as KeyboardEvent;
    const at = this.#tabs.findIndex(({ id }) => id === this.#selected);
    const last = this.#tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[key];
    const next = to === undefined ? undefined : this.#tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    this.select(next.id);
    this.#buttons.get(next.id)?.focus();
  }
}
