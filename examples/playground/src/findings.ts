// The panel "Findings", with undecided questions and files that were not read.

import type { Diagnostic, Fix, Undecided } from 'vaultmoat';
import { type App, parametersIn } from './app.js';
import { h, prose } from './dom.js';

/** A button that applies a fix. */
export function fixButton(app: App, fix: Fix): HTMLElement {
  const note = fix.applicability === 'safe' ? undefined : 'changes what the template does';
  return h(
    'button',
    { class: 'fix', title: note, onclick: () => app.fix(fix) },
    prose(fix.title),
    note ? h('small', {}, ' *') : '',
  );
}

/** Buttons for the parameters that a question depends on. */
export function parameterButtons(app: App, forms: readonly string[]): HTMLElement[] {
  return parametersIn(forms).map((name) =>
    h('button', { class: 'fix', onclick: () => app.ask(name) }, 'set ', h('code', {}, name)),
  );
}

/** A button that selects a range in the text. */
export function place(app: App, file: string | null, range: Diagnostic['range'] | null): HTMLElement | undefined {
  if (file === null || range === null) return undefined;
  const label = `${file}:${range.start.line + 1}`;
  return h('button', { class: 'place', onclick: () => app.reveal(file, range) }, label);
}

export class Findings {
  readonly element = h('div');

  show(app: App): void {
    const { diagnostics = [], undecided = [], missing = [], skipped = [] } = app.report ?? {};
    const rank = { error: 0, warning: 1, info: 2 };
    const sorted = [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity]);
    const fixable = diagnostics.some(({ fixes }) => fixes.some(({ applicability }) => applicability === 'safe'));
    this.element.replaceChildren(
      ...(fixable ? [h('p', { class: 'tools' }, h('button', { onclick: () => void fixAll(app) }, 'Apply all safe fixes'))] : []),
      ...(sorted.length === 0 ? [h('p', { class: 'empty' }, 'No findings.')] : []),
      h('ol', { id: 'findings', class: 'cards' }, ...sorted.map((one) => finding(app, one))),
      ...(undecided.length === 0 ? [] : [h('h2', {}, 'Undecided, because the files do not determine them')]),
      h('ul', { id: 'undecided', class: 'cards' }, ...undecided.map((one) => open(app, one))),
      ...(missing.length === 0 ? [] : [h('h2', {}, 'Referenced files that are missing')]),
      h('ul', {}, ...missing.map((path) => h('li', {}, h('code', {}, path)))),
      ...(skipped.length === 0 ? [] : [h('h2', {}, 'Files that mention a vault and were not read')]),
      h('ul', {}, ...skipped.map(({ path }) => h('li', {}, h('code', {}, path)))),
    );
  }
}

function finding(app: App, diagnostic: Diagnostic): HTMLElement {
  const { rule, severity, confidence, message, help, file, range, related, fixes, url } = diagnostic;
  return h(
    'li',
    { class: `card ${severity}`, 'data-rule': rule },
    h(
      'p',
      { class: 'head' },
      h('span', { class: `mark ${severity}` }, severity),
      h('a', { href: url, target: '_blank', rel: 'noreferrer' }, rule),
      confidence === 'likely' && h('span', { class: 'muted' }, 'likely'),
      place(app, file, range),
    ),
    h('button', { class: 'message', onclick: () => app.reveal(file, range) }, prose(message)),
    h('p', { class: 'help' }, prose(help)),
    related.length > 0 &&
      h(
        'ul',
        { class: 'related' },
        ...related.map((one) => h('li', {}, prose(one.message), ' ', place(app, one.file, one.range))),
      ),
    fixes.length > 0 && h('p', { class: 'tools' }, ...fixes.map((fix) => fixButton(app, fix))),
  );
}

function open(app: App, { rule, resource, reason, dependsOn }: Undecided): HTMLElement {
  return h(
    'li',
    { class: 'card', 'data-rule': rule },
    h('p', { class: 'head' }, h('span', { class: 'mark open' }, 'open'), h('span', { class: 'muted' }, rule)),
    h('p', {}, prose(reason), resource && h('span', {}, ' · ', h('code', {}, resource.address))),
    dependsOn.length > 0 &&
      h('p', { class: 'help' }, 'depends on ', ...dependsOn.flatMap((form, at) => [at > 0 && ', ', h('code', {}, form)])),
    h('p', { class: 'tools' }, ...parameterButtons(app, dependsOn)),
  );
}

/** Overlapping fixes need several rounds. */
const ROUNDS = 20;

async function fixAll(app: App): Promise<void> {
  const copy = await app.copy(app.workspace.texts());
  try {
    const changed = new Map<string, string>();
    for (let round = 0; round < ROUNDS; round++) {
      const fixed = await copy.fix();
      if (fixed.length === 0) break;
      for (const { file, text } of fixed) {
        changed.set(file, text);
        void copy.set(file, text);
      }
    }
    for (const [path, text] of changed) app.workspace.rewrite(path, text);
  } finally {
    copy.dispose();
  }
}
