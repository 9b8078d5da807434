// The panel "Access": all callers in the files with their outcome, and one of them gate by gate.

import type { AccessReport, Decision, Hop, Outcome, Resolution, Step, Verdict } from 'vaultmoat';
import type { App, Part } from './app.js';
import { h, prose } from './dom.js';
import { fixButton, parameterButtons, place } from './findings.js';
import { VaultChoice } from './vaults.js';

const OUTCOMES: Record<Outcome, string> = { allowed: '✓ allowed', denied: '✗ denied', depends: '? depends' };
const VERDICTS: Record<Verdict, string> = { allows: '✓', denies: '✗', continues: '→', skipped: '·', open: '?' };
/** The most callers in the table. */
const MOST = 200;

export function outcomeMark(outcome: Outcome): HTMLElement {
  return h('span', { class: `mark ${outcome}` }, OUTCOMES[outcome]);
}

export class Access implements Part {
  readonly element = h('div');
  /** Called with the caller that is shown. */
  readonly #chosen: (from: string, vault: string) => void;
  readonly #vaults = new VaultChoice(() => void this.#show());
  readonly #callers = h('div', { class: 'callers' });
  readonly #path = h('div', { id: 'path', 'aria-live': 'polite' });
  readonly #other = h('input', { 'aria-label': 'another caller', placeholder: 'ip:203.0.113.7', spellcheck: 'false', size: 24 });
  #app: App | undefined;
  #report: AccessReport | undefined;
  #from = '';

  constructor(chosen: (from: string, vault: string) => void) {
    this.#chosen = chosen;
    const form = h('form', { class: 'row' }, this.#other, h('button', {}, 'Ask'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.choose(this.#other.value.trim());
    });
    this.element.append(
      h('div', { class: 'tools' }, this.#vaults.element, form),
      h('div', { class: 'split' }, this.#callers, this.#path),
    );
  }

  async refresh(app: App): Promise<void> {
    this.#app = app;
    this.#report = await app.project?.access();
    this.#vaults.offer(this.#report?.decisions.map(({ vault }) => vault.address) ?? []);
    await this.#show();
  }

  /** Shows the decision for a caller. */
  async choose(from: string): Promise<void> {
    this.#from = from;
    await this.#show();
  }

  async #show(): Promise<void> {
    const vault = this.#vaults.value;
    const decisions = this.#report?.decisions.filter((one) => one.vault.address === vault) ?? [];
    if (this.#from === '') this.#from = decisions[0]?.from ?? '';
    if (decisions.length === 0) {
      this.#callers.replaceChildren(h('p', { class: 'empty' }, 'No vault in the files.'));
      this.#path.replaceChildren();
      return;
    }
    const focused = this.#callers.contains(document.activeElement);
    this.#callers.replaceChildren(
      h('ul', { id: 'callers', 'aria-label': 'callers' }, ...decisions.slice(0, MOST).map((one) => this.#caller(one))),
      decisions.length > MOST || this.#report?.leftOut
        ? h('p', { class: 'muted' }, 'More callers are not listed; enter their name below.')
        : '',
    );
    if (focused) this.#callers.querySelector<HTMLElement>('[aria-current]')?.focus();
    await this.#explain(vault);
  }

  #caller({ from, caller, outcome }: Decision): HTMLElement {
    const isIt = from === this.#from;
    return h(
      'li',
      {},
      h(
        'button',
        { class: 'caller', 'aria-current': isIt && 'true', 'data-from': from, onclick: () => void this.choose(from) },
        h('span', {}, prose(caller)),
        outcomeMark(outcome),
      ),
    );
  }

  async #explain(vault: string | undefined): Promise<void> {
    const [app, from] = [this.#app, this.#from];
    const project = app?.project;
    if (app === undefined || project === undefined) return;
    try {
      const question = { from, ...(vault === undefined ? {} : { vault }) };
      const decision = await project.explain(question);
      const resolution = await project.resolve(question).catch(() => undefined);
      if (from !== this.#from) return;
      this.#path.replaceChildren(
        h('div', {}, ...way(app, decision)),
        resolution === undefined ? '' : h('div', {}, ...chain(app, resolution)),
      );
      this.#chosen(from, decision.vault.address);
    } catch (error) {
      this.#path.replaceChildren(h('p', { class: 'empty' }, prose(error instanceof Error ? error.message : String(error))));
      this.#chosen(from, '');
    }
  }
}

function way(app: App, decision: Decision): HTMLElement[] {
  const { caller, vault, outcome, via, error, steps, dependsOn, unless, assumed, fixes } = decision;
  return [
    h('h2', {}, prose(caller), ' → ', h('code', {}, vault.address)),
    h(
      'p',
      { class: 'outcome' },
      outcomeMark(outcome),
      via !== 'none' && ` by ${via.replaceAll('-', ' ')}`,
      error !== null && h('span', {}, ' error for the caller: ', h('code', {}, error)),
    ),
    h('ol', { class: 'gates' }, ...steps.map((step) => gate(app, step))),
    ...(dependsOn.length === 0 ? [] : [h('p', { class: 'tools' }, 'depends on ', ...parameterButtons(app, dependsOn))]),
    ...(unless.length === 0
      ? []
      : [h('p', { class: 'muted' }, prose(`unless there is also: ${unless.map(({ what }) => what).join('; ')}`))]),
    ...(assumed.length === 0 ? [] : [h('p', { class: 'muted' }, `with the default of ${assumed.join(', ')}`)]),
    ...(fixes.length === 0 ? [] : [h('p', { class: 'tools' }, 'To allow it: ', ...fixes.map((fix) => fixButton(app, fix)))]),
  ];
}

function gate(app: App, { gate, verdict, because, file, range }: Step): HTMLElement {
  return h(
    'li',
    { class: `gate ${verdict}`, 'data-gate': gate },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, VERDICTS[verdict]),
    h(
      'div',
      {},
      h('strong', {}, gate.replaceAll('-', ' ')),
      h('span', { class: 'muted' }, ` ${verdict} `),
      place(app, file, range),
      h('div', {}, prose(because)),
    ),
  );
}

function chain(app: App, { chain, answer }: Resolution): HTMLElement[] {
  const hop = ({ name, type, value, zone, file, range }: Hop): HTMLElement =>
    h(
      'li',
      {},
      h('code', {}, name),
      h('div', {}, h('span', { class: 'muted' }, `${type} → `), h('code', {}, value)),
      zone !== null && h('div', { class: 'muted' }, 'zone ', h('code', {}, zone), ' ', place(app, file, range)),
    );
  return [
    h('h2', {}, 'What its name resolves to'),
    h('ol', { class: 'chain' }, ...chain.map(hop)),
    h('p', {}, 'Answer: ', h('strong', {}, answer.kind), answer.address !== null && h('code', {}, ` ${answer.address}`)),
  ];
}
