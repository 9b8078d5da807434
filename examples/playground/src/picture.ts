// The network as an interactive picture: a selected element shows its findings and its declaration.

import type { GraphNode, GraphReport } from 'vaultmoat';
import type { App, Part } from './app.js';
import { h } from './dom.js';
import { draw } from './drawing.js';
import { place } from './findings.js';

/** Parses an SVG as XML, outside of the page. The style sheet of the page applies to it. */
function elementOf(svg: string): SVGSVGElement {
  // The content security policy forbids inline styles even while parsing.
  const parsed = new DOMParser().parseFromString(svg.replace(/<style>[^<]*<\/style>/, ''), 'image/svg+xml');
  const root = parsed.documentElement;
  if (!(root instanceof SVGSVGElement) || parsed.querySelector('parsererror, script, style, foreignObject') !== null) {
    throw new Error('the picture is not an SVG');
  }
  root.removeAttribute('role');
  return document.importNode(root, true);
}

/** Draws a report into an element. A newer drawing replaces one that is not finished. */
export class Picture implements Part {
  readonly element = h('div', { class: 'picture', role: 'group', 'aria-label': 'picture of the network', tabindex: 0 });
  readonly about = h('div', { class: 'about', 'aria-live': 'polite' });
  report: GraphReport | undefined;
  svg = '';
  readonly #isInteractive: boolean;
  #drawing = 0;
  #shown = '';

  /** Whether its elements can be selected; not if the picture belongs to other texts than those in the editor. */
  constructor({ isInteractive }: { readonly isInteractive: boolean } = { isInteractive: true }) {
    this.#isInteractive = isInteractive;
  }

  async refresh(app: App): Promise<void> {
    const report = await app.project?.graph();
    if (report !== undefined) await this.draw(app, report);
  }

  async draw(app: App, report: GraphReport): Promise<void> {
    const drawing = ++this.#drawing;
    if (report.nodes.length === 0) {
      this.report = report;
      this.svg = '';
      this.about.replaceChildren();
      this.element.replaceChildren(h('p', { class: 'empty' }, 'No vault in the files, so there is nothing to draw.'));
      return;
    }
    const svg = await draw(report);
    if (drawing !== this.#drawing || svg === this.svg) return;
    const focused = document.activeElement?.getAttribute('data-node');
    this.report = report;
    this.svg = svg;
    const element = elementOf(svg);
    const groups = new Map([...element.querySelectorAll<SVGElement>('[data-node]')].map((one) => [one.dataset['node'], one]));
    for (const node of this.#isInteractive ? report.nodes : []) {
      const group = groups.get(node.id);
      if (group !== undefined) this.#answering(app, group, node);
    }
    this.element.replaceChildren(element);
    const selected = report.nodes.find(({ id }) => id === this.#shown);
    if (selected === undefined) {
      this.about.replaceChildren(h('span', { class: 'muted' }, 'Select an element to see where it is written.'));
    } else {
      this.#select(selected.id);
      this.#describe(app, selected);
    }
    if (focused) this.#group(focused)?.focus();
  }

  /** Marks the innermost element that is declared at a position. */
  mark(file: string, offset: number): void {
    const inside = this.report?.nodes.filter(
      (node) => node.file === file && node.range !== null && node.range.start.offset <= offset && offset <= node.range.end.offset,
    );
    const size = ({ range }: GraphNode): number => (range === null ? Infinity : range.end.offset - range.start.offset);
    const innermost = inside?.sort((a, b) => size(a) - size(b))[0];
    this.#select(innermost?.id);
  }

  /** Highlights the path of a caller to a vault. */
  follow(caller: string, vault: string): void {
    const from = this.report && nodeOf(this.report, caller);
    const to = this.report?.nodes.find(({ address }) => address === vault)?.id;
    for (const edge of this.element.querySelectorAll('[data-from]')) {
      const isIt = edge.getAttribute('data-from') === from && edge.getAttribute('data-to') === to;
      edge.classList.toggle('chosen', isIt);
    }
    for (const node of this.element.querySelectorAll('[data-node]')) {
      node.classList.toggle('chosen', [from, to].includes(node.getAttribute('data-node') ?? ''));
    }
  }

  /** Marks the elements that another report does not have. */
  markNew(before: GraphReport): void {
    if (this.report === undefined) return;
    const known = new Set(sayings(before).values());
    const own = sayings(this.report);
    for (const group of this.element.querySelectorAll<SVGElement>('[data-node], [data-from]')) {
      const { node, from, to } = group.dataset;
      const saying = own.get(node ?? `${from} ${to}`);
      group.classList.toggle('chosen', saying !== undefined && !known.has(saying));
    }
  }

  #answering(app: App, group: SVGElement, node: GraphNode): void {
    // Screen readers need spaces between the lines.
    for (const line of group.querySelectorAll('tspan + tspan')) line.before(' ');
    const shown = [...group.querySelectorAll('tspan')].map((line) => line.textContent ?? '').join(' ');
    const findings = node.findings.map(({ severity, message }) => `${severity}: ${message}`);
    group.setAttribute('role', 'button');
    group.setAttribute('tabindex', '0');
    group.setAttribute('aria-label', [shown, ...findings].join(', '));
    const select = (): void => {
      this.#select(node.id);
      this.#describe(app, node);
    };
    group.addEventListener('click', () => {
      select();
      app.reveal(node.file, node.range);
    });
    group.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      select();
    });
  }

  #describe(app: App, node: GraphNode): void {
    this.#shown = node.id;
    const found = node.findings.map(({ severity, rule, message }) =>
      h('li', {}, h('span', { class: `mark ${severity}` }, severity), ' ', h('code', {}, rule), ' ', message),
    );
    this.about.replaceChildren(
      h('strong', {}, node.label),
      h('span', { class: 'muted' }, ` ${node.kind.replaceAll('-', ' ')}${node.detail === '' ? '' : ` · ${node.detail}`} `),
      place(app, node.file, node.range) ?? '',
      h('ul', {}, ...found),
    );
  }

  #select(id: string | undefined): void {
    for (const node of this.element.querySelectorAll('[data-node]')) {
      node.classList.toggle('selected', node.getAttribute('data-node') === id);
    }
  }

  #group(id: string): SVGElement | undefined {
    return [...this.element.querySelectorAll<SVGElement>('[data-node]')].find((one) => one.getAttribute('data-node') === id);
  }
}

/** The accessible names of the elements, by their keys in the picture. */
function sayings({ nodes, edges }: GraphReport): Map<string, string> {
  const names = new Map(nodes.map(({ id, kind, label }) => [id, `${kind} ${label}`]));
  return new Map([
    ...nodes.map(({ id, detail }): [string, string] => [id, `${names.get(id)} ${detail}`]),
    ...edges.map(({ from, to, kind, label }): [string, string] => {
      return [`${from} ${to}`, [names.get(from), names.get(to), kind, label].join(' ')];
    }),
  ]);
}

/** The node of a caller, if it can be determined. */
function nodeOf({ nodes }: GraphReport, from: string): string | undefined {
  if (from === 'internet') return nodes.find(({ kind }) => kind === 'internet')?.id;
  if (from === 'trusted-services') return nodes.find(({ kind }) => kind === 'trusted-services')?.id;
  const [scheme = '', rest = ''] = [from.slice(0, from.indexOf(':')), from.slice(from.indexOf(':') + 1)];
  if (scheme === 'consumer') return nodes.find(({ address }) => address === rest)?.id;
  const names = new Map(nodes.map(({ id, label }) => [id, label]));
  if (scheme === 'vnet') return nodes.find(({ kind, label }) => kind === 'virtual-network' && label === rest)?.id;
  if (scheme !== 'subnet') return undefined;
  return nodes.find(({ kind, label, parent, address }) => {
    return kind === 'subnet' && (address === rest || `${names.get(parent ?? '') ?? ''}/${label}` === rest);
  })?.id;
}
