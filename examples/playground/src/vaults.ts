// Selects the vault that a part of the page shows.

import { h } from './dom.js';

export class VaultChoice {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;

  constructor(changed: () => void) {
    this.#select = h('select', { onchange: changed });
    this.element = h('label', {}, 'Vault ', this.#select);
  }

  /** The address of the vault; undefined if there is none. */
  get value(): string | undefined {
    return this.#select.value === '' ? undefined : this.#select.value;
  }

  /** Lists these vaults, and keeps the selection if it is one of them. */
  offer(addresses: readonly string[]): void {
    const { value } = this.#select;
    const unique = [...new Set(addresses)];
    this.#select.replaceChildren(...unique.map((address) => h('option', { value: address }, address)));
    if (unique.includes(value)) this.#select.value = value;
    this.element.hidden = unique.length < 2;
  }
}
