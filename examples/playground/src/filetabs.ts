// The files as a row of buttons above the editor.

import { h } from './dom.js';
import type { Workspace } from './workspace.js';

export class FileTabs {
  readonly element = h('nav', { class: 'files', 'aria-label': 'files' });
  readonly #workspace: () => Workspace;

  constructor(workspace: () => Workspace) {
    this.#workspace = workspace;
  }

  show(): void {
    const workspace = this.#workspace();
    this.element.replaceChildren(
      ...workspace.paths.map((path) =>
        h(
          'span',
          { class: 'file', 'data-path': path },
          h('button', { 'aria-current': path === workspace.active && 'true', onclick: () => workspace.open(path) }, path),
          h('button', { class: 'close', 'aria-label': `close ${path}`, onclick: () => workspace.remove(path) }, '×'),
        ),
      ),
      h('button', { class: 'new', 'aria-label': 'new file', title: 'new file', onclick: () => this.#name() }, '+'),
    );
  }

  /** Replaces the button by an input for the name of a new file. */
  #name(): void {
    const input = h('input', { 'aria-label': 'name of the new file', value: 'new.bicep', size: 14, spellcheck: 'false' });
    const form = h('form', { class: 'file' }, input);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const path = input.value.trim();
      if (path === '') return this.show();
      if (this.#workspace().paths.includes(path)) this.#workspace().open(path);
      else this.#workspace().add(path, '');
    });
    input.addEventListener('keydown', ({ key }) => key === 'Escape' && this.show());
    this.element.lastElementChild?.replaceWith(form);
    input.select();
  }
}
