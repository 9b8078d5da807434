// The way from public to private: how far each phase is, and what is different after it.

import type { DiffReport, GraphReport, Loss, Phase, Plan as Report, State, TextEdit } from 'vaultmoat';
import { outcomeMark } from './access.js';
import type { App, Part } from './app.js';
import { h, prose } from './dom.js';
import { fixButton, place } from './findings.js';
import { Picture } from './picture.js';
import { VaultChoice } from './vaults.js';

const STATES: Record<State, string> = { done: '✓ done', todo: '○ to do', blocked: '✗ blocked', open: '? open' };
const TITLES: Record<Phase['phase'], string> = {
  prepare: 'Prepare endpoint, zone and links',
  resolution: 'Have the name resolve privately',
  consumers: 'Move the consumers',
  rules: 'Keep whom the rules admit',
  deny: 'Refuse by default',
  disable: 'Switch public access off',
};

export class Plan implements Part {
  readonly element = h('div');
  readonly #vaults = new VaultChoice(() => this.#app && void this.#show(this.#app));
  readonly #phases = h('ol', { class: 'phases' });
  readonly #after = h('div', { class: 'after', 'aria-live': 'polite' });
  #app: App | undefined;
  #shown: string | undefined;

  constructor() {
    this.element.append(h('div', { class: 'tools' }, this.#vaults.element), this.#phases, this.#after);
  }

  async refresh(app: App): Promise<void> {
    this.#app = app;
    const model = await app.project?.model();
    this.#vaults.offer(model?.vaults.filter(({ declared }) => declared).map(({ address }) => address) ?? []);
    await this.#show(app);
  }

  async #show(app: App): Promise<void> {
    const vault = this.#vaults.value;
    const plan = vault === undefined ? undefined : await app.project?.plan({ vault });
    // What somebody reads stays as long as it is true.
    const shown = JSON.stringify(plan) ?? '';
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#after.replaceChildren();
    if (plan === undefined) this.#phases.replaceChildren(h('li', { class: 'empty' }, 'No vault in the files.'));
    else this.#phases.replaceChildren(...plan.phases.map((phase, at) => this.#phase(app, plan, phase, at)));
  }

  #phase(app: App, plan: Report, phase: Phase, at: number): HTMLElement {
    const { state, actions, blockers, losses, verification, rollback } = phase;
    const changes = editsUntil(plan, at).length > 0;
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
          h('li', {}, h('strong', {}, 'first: '), prose(text), ' ', place(app, file, range)),
        ),
      ),
      losses.length > 0 && h('div', { class: 'losses' }, h('strong', {}, 'Would lose access:'), h('ul', {}, ...losses.map(loss))),
      h(
        'details',
        {},
        h('summary', {}, 'How to verify it and how to go back'),
        ...verification.map((command) => h('pre', {}, command)),
        h('ul', {}, ...rollback.map((text) => h('li', {}, prose(text)))),
      ),
      changes &&
        h('p', { class: 'tools' }, h('button', { onclick: () => void this.#preview(app, plan, at) }, 'Before and after')),
    );
  }

  /** What is different when everything up to a phase was done that the files can do. */
  async #preview(app: App, plan: Report, at: number): Promise<void> {
    const phase = plan.phases[at];
    const { project } = app;
    if (phase === undefined || project === undefined) return;
    const shown = this.#shown;
    const texts = withEdits(app.workspace.texts(), editsUntil(plan, at));
    const copy = await app.copy(texts);
    try {
      const [before, after] = [await project.graph(), await copy.graph()];
      const diff = await project.diff(copy);
      const pictures = await Promise.all([before, after].map((report) => picture(app, report)));
      if (shown !== this.#shown) return;
      this.#after.replaceChildren(
        h('h2', {}, `After “${TITLES[phase.phase]}”`),
        changes(diff),
        h('h3', {}, 'Before'),
        pictures[0] ?? '',
        h('h3', {}, 'After'),
        pictures[1] ?? '',
      );
      this.#after.scrollIntoView({ block: 'start' });
    } catch (error) {
      app.say(error instanceof Error ? error.message : String(error));
    } finally {
      copy.dispose();
    }
  }
}

async function picture(app: App, report: GraphReport): Promise<HTMLElement> {
  const one = new Picture();
  await one.draw(app, report);
  return one.element;
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

function changes({ changes, unchanged }: DiffReport): HTMLElement {
  const rows = changes.map(({ caller, kind, before, after }) =>
    h(
      'li',
      {},
      prose(caller),
      h('span', { class: 'muted' }, ` ${kind.replaceAll('-', ' ')} `),
      before && outcomeMark(before.outcome),
      before && after && ' → ',
      after && outcomeMark(after.outcome),
      after && h('div', { class: 'muted' }, prose(after.because)),
    ),
  );
  return h(
    'div',
    {},
    h('ul', { id: 'changes' }, ...rows),
    h('p', { class: 'muted' }, `Nothing changes for ${unchanged} others.`),
  );
}

/** The edits of what is to be done up to a phase, less those that would meet an earlier one. */
function editsUntil({ phases }: Report, last: number): TextEdit[] {
  const taken: TextEdit[] = [];
  const meets = (one: TextEdit, other: TextEdit): boolean =>
    one.file === other.file && one.range.start.offset < other.range.end.offset && other.range.start.offset < one.range.end.offset;
  for (const { actions } of phases.slice(0, last + 1)) {
    for (const { done, fix } of actions) {
      if (done || fix === null) continue;
      if (!fix.edits.some((edit) => taken.some((other) => meets(edit, other)))) taken.push(...fix.edits);
    }
  }
  return taken;
}

function* withEdits(texts: Iterable<readonly [string, string]>, edits: readonly TextEdit[]): Generator<[string, string]> {
  for (const [path, text] of texts) {
    const own = edits.filter(({ file }) => file === path).sort((a, b) => a.range.start.offset - b.range.start.offset);
    const parts: string[] = [];
    let at = 0;
    for (const { range, text: inserted } of own) {
      parts.push(text.slice(at, range.start.offset), inserted);
      at = range.end.offset;
    }
    yield [path, [...parts, text.slice(at)].join('')];
  }
}
