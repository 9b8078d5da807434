// Before and after: the network now, and after the fixes of each phase of the plan.

import type { DiffReport, GraphReport, Phase, Plan, TextEdit } from 'vaultmoat';
import { outcomeMark } from './access.js';
import type { App } from './app.js';
import { counted, h, prose } from './dom.js';
import { Picture } from './picture.js';

type Texts = readonly (readonly [path: string, text: string])[];

interface Stage {
  readonly title: string;
  readonly phase: Phase['phase'] | undefined;
  readonly texts: Texts;
  shown?: Promise<{ readonly graph: GraphReport; readonly diff: DiffReport }>;
}

/** A slider over the stages, with the picture and the changes of one. */
export class Stages {
  readonly element = h('section', { class: 'after', hidden: true, 'aria-label': 'before and after' });
  readonly #slider = h('input', { type: 'range', min: 0, step: 1, 'aria-label': 'stage', oninput: () => void this.#show() });
  readonly #title = h('strong');
  readonly #changes = h('div', { 'aria-live': 'polite' });
  readonly #picture = new Picture({ isInteractive: false });
  readonly #titles: Record<Phase['phase'], string>;
  #app: App | undefined;
  #stages: Stage[] = [];
  #showing = 0;

  constructor(titles: Record<Phase['phase'], string>) {
    this.#titles = titles;
    this.element.append(
      h('h2', {}, 'Before and after'),
      h('label', { class: 'row' }, this.#slider, this.#title),
      this.#changes,
      this.#picture.element,
    );
  }

  /** The phases that change files. */
  get phases(): (Phase['phase'] | undefined)[] {
    return this.#stages.slice(1).map(({ phase }) => phase);
  }

  /** Shows the stages of a plan for these texts. */
  offer(app: App, plan: Plan | undefined, texts: Texts): void {
    this.#app = app;
    this.#stages = [{ title: 'Now', phase: undefined, texts }];
    const edits: TextEdit[] = [];
    for (const phase of plan?.phases ?? []) {
      const more = editsOf(phase, edits);
      edits.push(...more);
      if (more.length === 0) continue;
      const title = `After “${this.#titles[phase.phase]}”`;
      this.#stages.push({ title, phase: phase.phase, texts: withEdits(texts, edits) });
    }
    this.#slider.max = String(this.#stages.length - 1);
    this.#slider.value = '0';
    this.element.hidden = this.#stages.length < 2;
    if (!this.element.hidden) void this.#show();
  }

  /** Shows the stage after a phase. */
  choose(phase: Phase['phase']): void {
    this.#slider.value = String(this.#stages.findIndex((stage) => stage.phase === phase));
    void this.#show();
    this.element.scrollIntoView({ block: 'start' });
    this.#slider.focus();
  }

  async #show(): Promise<void> {
    const showing = ++this.#showing;
    const [app, stage, first] = [this.#app, this.#stages[Number(this.#slider.value)], this.#stages[0]];
    if (app === undefined || stage === undefined || first === undefined) return;
    this.#title.textContent = stage.title;
    this.#slider.setAttribute('aria-valuetext', stage.title);
    try {
      const { graph: before } = await (first.shown ??= difference(app, first.texts, first.texts));
      const { graph, diff } = await (stage.shown ??= difference(app, first.texts, stage.texts));
      if (showing !== this.#showing) return;
      this.#changes.replaceChildren(stage === first ? h('p', { class: 'muted' }, 'The present files.') : changes(diff));
      await this.#picture.draw(app, graph);
      if (showing === this.#showing) this.#picture.markNew(before);
    } catch (error) {
      app.say(error instanceof Error ? error.message : String(error));
    }
  }
}

async function difference(app: App, before: Texts, after: Texts): Promise<{ graph: GraphReport; diff: DiffReport }> {
  // Separate projects: a request of the page would cancel one of the same kind.
  const [old, copy] = [await app.copy(before), await app.copy(after)];
  try {
    return { graph: await copy.graph(), diff: await old.diff(copy) };
  } finally {
    old.dispose();
    copy.dispose();
  }
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
    h('p', { class: 'muted' }, `${counted(unchanged, 'other caller')} unchanged.`),
  );
}

/** The edits of a phase's open actions, except those that overlap an earlier edit. */
function editsOf({ actions }: Phase, earlier: readonly TextEdit[]): TextEdit[] {
  const taken: TextEdit[] = [];
  const meets = (one: TextEdit, other: TextEdit): boolean =>
    one.file === other.file && one.range.start.offset < other.range.end.offset && other.range.start.offset < one.range.end.offset;
  for (const { done, fix } of actions) {
    if (done || fix === null) continue;
    if (!fix.edits.some((edit) => [...earlier, ...taken].some((other) => meets(edit, other)))) taken.push(...fix.edits);
  }
  return taken;
}

function withEdits(texts: Texts, edits: readonly TextEdit[]): Texts {
  return texts.map(([path, text]) => {
    const own = edits.filter(({ file }) => file === path).sort((a, b) => a.range.start.offset - b.range.start.offset);
    const parts: string[] = [];
    let at = 0;
    for (const { range, text: inserted } of own) {
      parts.push(text.slice(at, range.start.offset), inserted);
      at = range.end.offset;
    }
    return [path, [...parts, text.slice(at)].join('')];
  });
}
