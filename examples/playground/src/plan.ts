// The panel "Plan": the state of each phase from public to private access, and what changes with it.

import type { Loss, Phase, State } from 'vaultmoat';
import { outcomeMark } from './access.js';
import type { App, Part } from './app.js';
import { h, prose } from './dom.js';
import { fixButton, place } from './findings.js';
import { Stages } from './stages.js';
import { VaultChoice } from './vaults.js';

const STATES: Record<State, string> = {
  done: '✓ done',
  todo: '○ to do',
  blocked: '✗ blocked',
  open: '? open',
  'not-needed': '– not needed now',
};
const TITLES: Record<Phase['phase'], string> = {
  prepare: 'Prepare endpoint, zone and links',
  resolution: 'Make the name resolve to the endpoint',
  consumers: 'Move the consumers',
  rules: 'Add rules for the callers that stay public',
  deny: 'Deny by default',
  disable: 'Disable public access',
};

export class Plan implements Part {
  readonly element = h('div');
  readonly #vaults = new VaultChoice(() => this.#app && void this.#show(this.#app));
  readonly #phases = h('ol', { class: 'phases' });
  readonly #stages = new Stages(TITLES);
  #app: App | undefined;
  #shown: string | undefined;

  constructor() {
    this.element.append(h('div', { class: 'tools' }, this.#vaults.element), this.#phases, this.#stages.element);
  }

  async refresh(app: App): Promise<void> {
    this.#app = app;
    const model = await app.project?.model();
    this.#vaults.offer(model?.vaults.filter(({ declared }) => declared).map(({ address }) => address) ?? []);
    await this.#show(app);
  }

  async #show(app: App): Promise<void> {
    const vault = this.#vaults.value;
    // The ranges of its edits belong to these texts.
    const texts = [...app.workspace.texts()];
    const plan = vault === undefined ? undefined : await app.project?.plan({ vault });
    // An equal plan is not replaced, so that the reader keeps the place.
    const shown = JSON.stringify(plan) ?? '';
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#stages.offer(app, plan, texts);
    if (plan === undefined) this.#phases.replaceChildren(h('li', { class: 'empty' }, 'No vault in the files.'));
    else this.#phases.replaceChildren(...plan.phases.map((phase) => this.#phase(app, phase)));
  }

  #phase(app: App, phase: Phase): HTMLElement {
    const { state, actions, blockers, notes, losses, verification, rollback } = phase;
    return h(
      'li',
      { class: `card phase ${state}`, 'data-phase': phase.phase },
      h('p', { class: 'head' }, h('strong', {}, TITLES[phase.phase]), h('span', { class: `mark ${state}` }, STATES[state])),
      h(
        'ul',
        {},
        ...actions.map(({ title, done, fix, command }) =>
          h(
            'li',
            {},
            h('span', { class: 'muted' }, done ? '✓ ' : '○ '),
            prose(title),
            !done && fix !== null && h('div', { class: 'tools' }, fixButton(app, fix)),
            !done && command !== null && h('pre', {}, command),
          ),
        ),
        ...blockers.map(({ text, file, range }) =>
          h('li', {}, h('strong', {}, 'blocked by: '), prose(text), ' ', place(app, file, range)),
        ),
        ...notes.map(({ text, file, range }) => h('li', {}, prose(text), ' ', place(app, file, range))),
      ),
      losses.length > 0 && h('div', { class: 'losses' }, h('strong', {}, 'Would lose access:'), h('ul', {}, ...losses.map(loss))),
      h(
        'details',
        {},
        h('summary', {}, 'Verification and rollback'),
        ...verification.map((command) => h('pre', {}, command)),
        h('ul', {}, ...rollback.map((text) => h('li', {}, prose(text)))),
      ),
      this.#stages.phases.includes(phase.phase) &&
        h('p', { class: 'tools' }, h('button', { onclick: () => this.#stages.choose(phase.phase) }, 'Before and after')),
    );
  }
}

function loss({ caller, before, after, because }: Loss): HTMLElement {
  return h(
    'li',
    {},
    prose(caller),
    ' ',
    outcomeMark(before),
    ' → ',
    outcomeMark(after),
    h('div', { class: 'muted' }, prose(because)),
  );
}
