// Values of parameters, which override those in the files.

import { type App, parametersIn } from './app.js';
import { h } from './dom.js';

export class Parameters {
  readonly element = h('details', { id: 'parameters' });
  readonly #rows = h('div', { class: 'rows' });
  #app: App | undefined;

  constructor() {
    const name = h('input', { 'aria-label': 'name of another parameter', placeholder: 'another parameter', size: 18 });
    const form = h('form', { class: 'row' }, name, h('button', {}, 'Add'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (name.value.trim() !== '') this.ask(name.value.trim());
      name.value = '';
    });
    this.element.append(h('summary', {}, 'Parameter values'), this.#rows, form);
  }

  /** Lists the parameters that a question depends on, and those with a value. */
  show(app: App): void {
    this.#app = app;
    const { undecided = [] } = app.report ?? {};
    const names = new Set([...Object.keys(app.settings.parameter), ...parametersIn(undecided.flatMap((one) => one.dependsOn))]);
    // Keeps the row with the focus.
    const rows = new Map([...this.#rows.children].map((row) => [row.getAttribute('data-name'), row]));
    for (const [name, row] of rows) if (!names.has(name ?? '') && !row.contains(document.activeElement)) row.remove();
    for (const name of names) if (!rows.has(name)) this.#rows.append(this.#row(name, app.settings.parameter[name] ?? ''));
    for (const [name, row] of rows) {
      const input = row.querySelector('input');
      if (input !== null && input !== document.activeElement) input.value = app.settings.parameter[name ?? ''] ?? '';
    }
    const set = Object.keys(app.settings.parameter).length;
    this.element.querySelector('summary')!.textContent =
      `Parameter values${names.size > 0 ? ` (${set} of ${names.size} set)` : ''}`;
  }

  /** Opens the panel at a parameter. */
  ask(name: string): void {
    this.element.open = true;
    const find = (): Element | undefined => [...this.#rows.children].find((row) => row.getAttribute('data-name') === name);
    if (find() === undefined) this.#rows.append(this.#row(name, ''));
    const input = find()?.querySelector('input');
    input?.scrollIntoView({ block: 'nearest' });
    input?.focus();
  }

  #row(name: string, value: string): HTMLElement {
    const input = h('input', {
      value,
      placeholder: 'not set',
      'aria-label': `value of parameter ${name}`,
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: () => this.#set(name, input.value),
    });
    const clear = h(
      'button',
      { 'aria-label': `clear the value of ${name}`, onclick: () => this.#set(name, (input.value = '')) },
      '×',
    );
    return h('div', { class: 'row', 'data-name': name }, h('code', {}, name), input, clear);
  }

  #set(name: string, value: string): void {
    if (this.#app === undefined) return;
    const { [name]: _, ...rest } = this.#app.settings.parameter;
    this.#app.configure({ parameter: value === '' ? rest : { ...rest, [name]: value } });
  }
}
