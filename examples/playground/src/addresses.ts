// The panel "Addresses": a map of the vaults' IP rules, and a check of a list of rules.

import type { Diagnostic, Known } from 'vaultmoat';
import type { App, Part } from './app.js';
import { counted, debounced, h, prose } from './dom.js';
import { place } from './findings.js';
import { areaOf, dotted, merged, parse } from './ipv4.js';

const SVG = 'http://www.w3.org/2000/svg';
const SIDE = 512;
/** Special-purpose ranges (RFC 6890, multicast and reserved), which are never the source of a request from the internet. */
const RESERVED = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocols'],
  ['192.0.2.0/24', 'documentation'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarks'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved for future use'],
] as const;
/** Milliseconds after the last key before a list is checked. */
const CALM = 100;
/** The most rules to check; Key Vault allows 1000. */
const MOST = 2000;
/** The least size of a rule in the map, so that it is visible. */
const SMALLEST = 7;

interface Rule {
  readonly text: string;
  readonly problems: readonly Pick<Diagnostic, 'severity' | 'message' | 'rule'>[];
  readonly where?: HTMLElement | undefined;
}

export class Addresses implements Part {
  readonly element = h('div');
  readonly #vaults = h('div');
  readonly #list = h('textarea', {
    id: 'list',
    rows: 6,
    spellcheck: 'false',
    placeholder: '203.0.113.0/25\n203.0.113.128/25',
    oninput: debounced(() => void this.#judge(), CALM),
  });
  readonly #verdict = h('div', { id: 'verdict', 'aria-live': 'polite' });
  #app: App | undefined;
  #judging = 0;

  constructor() {
    this.element.append(
      this.#vaults,
      h('h2', {}, h('label', { for: 'list' }, 'Check a list of addresses and ranges')),
      this.#list,
      this.#verdict,
    );
  }

  async refresh(app: App): Promise<void> {
    this.#app = app;
    const [model, report] = [await app.project?.model(), app.report];
    const vaults = model?.vaults.filter(({ declared }) => declared) ?? [];
    this.#vaults.replaceChildren(
      ...vaults.flatMap(({ address, networkAcls }) => {
        const rules = networkAcls.ipRules.map((rule): Rule => {
          const text = textOf(rule);
          const problems = report?.diagnostics.filter(
            (one) => one.resource?.address === address && one.message.split('`')[1] === text,
          );
          const [first] = problems ?? [];
          return { text, problems: problems ?? [], where: first && place(app, first.file, first.range) };
        });
        return [h('h2', {}, 'Rules of ', h('code', {}, address)), ...view(rules)];
      }),
    );
  }

  /** The engine's findings about a vault with this list. */
  async #judge(): Promise<void> {
    const judging = ++this.#judging;
    const all = this.#list.value.split(/[\s,;]+/).filter((text) => text !== '');
    const list = all.slice(0, MOST);
    if (list.length === 0 || this.#app === undefined) return this.#verdict.replaceChildren();
    const project = await this.#app.copy([[FILE, templateOf(list)]]);
    try {
      const { diagnostics } = await project.check();
      if (judging !== this.#judging) return;
      const about = diagnostics.filter(({ message, rule }) => /ip-rule|ipv6/.test(rule) && message !== '');
      const rules = list.map((text, at): Rule => {
        return { text, problems: about.filter(({ range }) => range.start.line === FIRST_LINE + at) };
      });
      const refused = new Set(rules.filter(({ problems }) => problems.some(({ severity }) => severity === 'error')));
      const taken = rules.filter((rule) => !refused.has(rule)).flatMap(({ text }) => parse(text) ?? []);
      const smallest = merged(taken);
      const whole = about.filter(({ range }) => range.start.line < FIRST_LINE || range.start.line >= FIRST_LINE + list.length);
      this.#verdict.replaceChildren(
        h('p', {}, `${counted(list.length, 'rule')}, ${refused.size} of them refused by Azure.`),
        ...(all.length > MOST ? [h('p', {}, `Only the first ${MOST} are checked.`)] : []),
        ...whole.map(({ severity, message }) =>
          h('p', {}, h('span', { class: `mark ${severity}` }, severity), ' ', prose(message)),
        ),
        h('h3', {}, `The smallest list that allows the same addresses: ${counted(smallest.length, 'rule')}`),
        h('pre', { id: 'smallest', tabindex: 0 }, smallest.join('\n')),
        ...view(rules),
      );
    } finally {
      project.dispose();
    }
  }
}

const FILE = 'list.json';
const FIRST_LINE = 1;

/** A template of a vault with a list of rules, one per line. */
function templateOf(list: readonly string[]): string {
  const rules = list.map((value) => JSON.stringify({ value })).join(',\n');
  const vault = '{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01","name":"kv-list","location":"westeurope"';
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  const start = `{"$schema":"${schema}","contentVersion":"1.0.0.0","resources":[${vault},"properties":{"networkAcls":{"defaultAction":"Deny","ipRules":[`;
  return `${start}\n${rules}\n]}}}]}`;
}

function textOf(rule: Known): string {
  if (typeof rule === 'string') return rule;
  return typeof rule === 'object' && rule !== null && 'unknown' in rule ? textOf(rule['unknown'] ?? null) : JSON.stringify(rule);
}

/** The map, and a table with the same content. */
function view(rules: readonly Rule[]): HTMLElement[] {
  if (rules.length === 0) return [h('p', { class: 'empty' }, 'No address rules.')];
  return [h('div', { class: 'split space' }, map(rules), table(rules))];
}

function table(rules: readonly Rule[]): HTMLElement {
  const row = ({ text, problems, where }: Rule): HTMLElement => {
    const span = parse(text);
    const size = span === undefined ? 'not IPv4, or unknown' : `${dotted(span.first)} – ${dotted(span.last)}`;
    const count = span === undefined ? '' : (span.last - span.first + 1).toLocaleString('en');
    const said = problems.map(({ severity, message }) =>
      h('div', {}, h('span', { class: `mark ${severity}` }, severity), ' ', prose(message)),
    );
    return h(
      'tr',
      {},
      h('td', {}, h('code', {}, text)),
      h('td', {}, size),
      h('td', { class: 'number' }, count),
      h('td', {}, ...said, where),
    );
  };
  const head = ['rule', 'addresses', 'how many', 'findings'].map((text) => h('th', { scope: 'col' }, text));
  return h(
    'div',
    { class: 'scrolls', tabindex: 0, role: 'group', 'aria-label': 'rules as a table' },
    h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rules.map(row))),
  );
}

function map(rules: readonly Rule[]): Element {
  const svg = shape('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, role: 'img', class: 'hilbert' });
  svg.append(
    titled('All IPv4 addresses on a Hilbert curve, with reserved ranges and the rules; the table has the same content'),
    shape('rect', { class: 'all', width: SIDE, height: SIDE }),
  );
  for (let line = 1; line < 16; line++) {
    const at = (line * SIDE) / 16;
    svg.append(shape('path', { class: 'grid', d: `M${at} 0V${SIDE}M0 ${at}H${SIDE}` }));
  }
  for (const [range, name] of RESERVED) svg.append(areaShape(range, 'reserved', `${range}: ${name}`, 0));
  for (let block = 0; block < 256; block += 4) {
    const { x, y, width, height } = areaOf(block * 2 ** 24, 8);
    const label = shape('text', { x: (x + width / 2) * SIDE, y: (y + height / 2) * SIDE + 3, class: 'block' });
    label.textContent = String(block);
    svg.append(label);
  }
  for (const { text, problems } of rules) {
    if (parse(text) === undefined) continue;
    const [first] = problems;
    svg.append(
      areaShape(
        text,
        `rule ${first?.severity ?? 'fine'}`,
        [text, ...problems.map(({ message }) => message)].join('\n'),
        SMALLEST,
      ),
    );
  }
  return svg;
}

function areaShape(range: string, name: string, title: string, smallest: number): Element {
  const { first = 0, prefix = 32 } = parse(range) ?? {};
  const { x, y, width, height } = areaOf(first, prefix);
  const [w, h] = [Math.max(width * SIDE, smallest), Math.max(height * SIDE, smallest)];
  const [left, top] = [(x + width / 2) * SIDE - w / 2, (y + height / 2) * SIDE - h / 2];
  const rect = shape('rect', { class: name, x: left, y: top, width: w, height: h });
  rect.append(titled(title));
  return rect;
}

function titled(text: string): Element {
  const title = shape('title', {});
  title.textContent = text;
  return title;
}

function shape(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
