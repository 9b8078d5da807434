// The page: creates its parts, and updates them after changes.

import { starting } from './start.js';
import type { Fix, Range, Report, WorkerProject } from 'vaultmoat';
import type { App, Part } from './app.js';
import { byId, counted, debounced, h } from './dom.js';
import { draw } from './drawing.js';
import { acceptDrops, chosen, type Taken } from './drop.js';
import { loadSearch } from './editor.js';
import { PATH, TEXT } from './example.js';
import { FileTabs } from './filetabs.js';
import { Findings } from './findings.js';
import { Later } from './later.js';
import { Parameters } from './parameters.js';
import { Picture } from './picture.js';
import { DEFAULTS, type Session, type Settings } from './session.js';
import { Tabs } from './tabs.js';
import { themeButton } from './theme.js';
import { Workspace } from './workspace.js';

/** Milliseconds after the last change before everything except the findings is updated. */
const CALM = 150;

const linking = (): Promise<typeof import('./permalink.js')> => import('./permalink.js');
const exporting = (): Promise<typeof import('./export.js')> => import('./export.js');

class Page implements App {
  readonly workspace: Workspace;
  settings: Settings = DEFAULTS;
  report: Report | undefined;
  #session: Session | undefined;
  #revision = 0;
  #reported = -1;
  #listing = '';
  readonly #files = new FileTabs(() => this.workspace);
  readonly #findings = new Findings();
  readonly #parameters = new Parameters();
  readonly #picture = new Picture();
  readonly #access = new Later(async () => {
    const { Access } = await import('./access.js');
    return new Access((from, vault) => this.#picture.follow(from, vault));
  });
  readonly #plan = new Later(async () => new (await import('./plan.js')).Plan());
  readonly #addresses = new Later(async () => new (await import('./addresses.js')).Addresses());
  readonly #tabs: Tabs;
  #gallery: Promise<void> | undefined;
  readonly #calm = debounced(() => void this.#refresh(), CALM);

  constructor() {
    const host = h('div', { class: 'editor' });
    byId('source').append(this.#files.element, host, this.#parameters.element, this.#options());
    byId('network').append(this.#pictureTools(), this.#picture.element, this.#picture.about);
    this.#tabs = new Tabs('results', [
      { id: 'findings', label: 'Findings', panel: this.#findings.element },
      { id: 'access', label: 'Access', panel: this.#access.element, shown: () => void this.#shown(this.#access) },
      { id: 'plan', label: 'Plan', panel: this.#plan.element, shown: () => void this.#shown(this.#plan) },
      { id: 'addresses', label: 'Addresses', panel: this.#addresses.element, shown: () => void this.#shown(this.#addresses) },
    ]);
    byId('panels').append(this.#tabs.element);
    this.workspace = new Workspace(host, {
      edited: (path) => this.#edited(path),
      listed: () => this.#listed(),
      moved: (path, offset) => this.#picture.mark(path, offset),
      fixed: (fix) => this.fix(fix),
    });
    this.#header();
    acceptDrops(document.body, (taken) => void this.#take(taken));
    addEventListener('hashchange', () => void this.#fromLink());
  }

  get project(): WorkerProject | undefined {
    return this.#session?.project;
  }

  async start(): Promise<void> {
    if (!(await this.#fromLink())) this.#load([[PATH, TEXT]]);
    try {
      this.#session = await starting;
      await this.#reopen();
    } catch (error) {
      this.say(`The engine cannot start: ${messageOf(error)}`);
    }
  }

  /** Loads the parts of hidden panels. */
  async load(): Promise<void> {
    const parts = [this.#access, this.#plan, this.#addresses].map((part) => part.load());
    await Promise.all([...parts, this.#gallery, linking(), exporting(), loadSearch()]);
  }

  reveal(file: string | null, range: Range | null): void {
    if (file !== null && range !== null) this.workspace.reveal(file, range);
  }

  fix(fix: Fix): void {
    // The ranges of its edits belong to the text that was checked.
    if (this.#reported === this.#revision) this.workspace.apply(fix.edits);
  }

  ask(name: string): void {
    this.#parameters.ask(name);
  }

  configure(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    void this.#reopen();
  }

  copy(files: Iterable<readonly [string, string]>): Promise<WorkerProject> {
    if (this.#session === undefined) throw new Error('the engine has not started yet');
    return this.#session.copy(this.settings, files);
  }

  say(text: string): void {
    byId('status').textContent = text;
  }

  #load(files: Iterable<readonly [string, string]>, active?: string, settings: Settings = DEFAULTS): void {
    this.settings = settings;
    this.workspace.replace(files, active);
    this.#showOptions();
    void this.#reopen();
  }

  /** Opens a new project after the settings or the set of files changed. */
  async #reopen(): Promise<void> {
    if (this.#session === undefined) return;
    // The last report belongs to other texts.
    this.#revision++;
    try {
      await this.#session.open(this.settings, this.workspace.texts());
      await this.#check();
    } catch (error) {
      this.say(messageOf(error));
    }
  }

  #edited(path: string): void {
    void this.project?.set(path, this.workspace.text(path));
    void this.#check();
  }

  #listed(): void {
    this.#files.show();
    const paths = JSON.stringify(this.workspace.paths);
    if (paths === this.#listing) return;
    this.#listing = paths;
    void this.#reopen();
  }

  async #check(): Promise<void> {
    const revision = ++this.#revision;
    const started = performance.now();
    try {
      const report = await this.#session?.check();
      if (report === undefined || revision !== this.#revision) return;
      this.#reported = revision;
      this.report = report;
      this.workspace.mark(report.diagnostics);
      performance.measure('checked', { start: started });
      this.#parameters.show(this);
      this.#findings.show(this);
      const { summary, diagnostics } = report;
      this.#tabs.count('findings', diagnostics.length);
      const open = summary.undecided > 0 ? `, ${summary.undecided} undecided` : '';
      this.say(
        `${counted(summary.vaults, 'vault')}, ${counted(diagnostics.length, 'finding')}${open} · ${Math.round(performance.now() - started)} ms`,
      );
      this.#calm();
    } catch (error) {
      this.say(messageOf(error));
    }
  }

  /** Updates the visible parts, which may take longer than the findings. */
  async #refresh(): Promise<void> {
    const part = { access: this.#access, plan: this.#plan, addresses: this.#addresses }[this.#tabs.selected];
    for (const one of [this.#picture, part]) if (one !== undefined) await this.#shown(one);
  }

  async #shown(part: Part): Promise<void> {
    try {
      if (this.#session !== undefined) await part.refresh(this);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.say(messageOf(error));
    }
  }

  async #fromLink(): Promise<boolean> {
    try {
      if (location.hash === '') return false;
      const shared = await (await linking()).fromFragment(location.hash);
      if (shared === undefined) return false;
      this.#load(shared.files, shared.active, shared.settings);
      return true;
    } catch (error) {
      this.say(`The link cannot be read: ${messageOf(error)}`);
      return false;
    }
  }

  async #share(): Promise<void> {
    const { active } = this.workspace;
    const { toFragment } = await linking();
    const fragment = await toFragment({ files: [...this.workspace.texts()], active, settings: this.settings });
    history.replaceState(null, '', fragment);
    const copied = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    const size = `${(fragment.length / 1024).toFixed(1)} KB`;
    this.say(
      copied ? `Link copied (${size}); it contains the files` : `The link is in the address bar (${size}); it contains the files`,
    );
  }

  async #take(taking: Promise<Taken>): Promise<void> {
    try {
      const { files, leftOut } = await taking;
      if (files.length === 0) return this.say('No templates found; supported are JSON, Bicep and Terraform');
      this.#load(files);
      if (leftOut > 0) this.say(`${counted(leftOut, 'file')} left out: too many files, or too large`);
    } catch (error) {
      this.say(`The files cannot be read: ${messageOf(error)}`);
    }
  }

  #header(): void {
    const theme = h('button', { class: 'icon' });
    themeButton(theme);
    const files = h('input', { type: 'file', multiple: true, hidden: true, 'aria-label': 'files to open' });
    files.addEventListener('change', () => files.files && void this.#take(chosen(files.files)));
    const examples = h('select', { id: 'examples', 'aria-label': 'examples' }, h('option', { value: '' }, 'Examples…'));
    this.#gallery = this.#offer(examples);
    byId('actions').append(
      examples,
      h('button', { title: 'or drop files and folders on the page', onclick: () => files.click() }, 'Open…'),
      files,
      h('button', { id: 'share', onclick: () => void this.#share() }, 'Copy link'),
      h('button', { onclick: () => void this.#saveReport('sarif') }, 'SARIF'),
      h('button', { onclick: () => void this.#saveReport('md') }, 'Markdown'),
      theme,
    );
  }

  /** Loads the gallery after the engine, so that they do not compete for the network. */
  async #offer(select: HTMLSelectElement): Promise<void> {
    await idle();
    const gallery = (await import('./gallery.js')).examples();
    select.append(...gallery.map(({ title }, at) => h('option', { value: at }, title)));
    select.addEventListener('change', () => {
      const example = gallery[Number(select.value)];
      if (select.value !== '' && example !== undefined) this.#load(example.files);
    });
  }

  #pictureTools(): HTMLElement {
    const save = async (as: 'svg' | 'png'): Promise<void> => {
      const { svg } = this.#picture;
      if (svg === '') return this.say('There is no picture yet');
      try {
        const { download, pngFile, svgFile } = await exporting();
        download(`network.${as}`, as === 'svg' ? svgFile(svg) : await pngFile(svg));
      } catch (error) {
        this.say(messageOf(error));
      }
    };
    const whole = h('button', { 'aria-pressed': 'false', title: 'fit the whole picture into its frame' }, 'Fit');
    whole.addEventListener('click', () => {
      const isWhole = this.#picture.element.classList.toggle('whole');
      whole.setAttribute('aria-pressed', String(isWhole));
    });
    return h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': 'picture' },
      h('h2', {}, 'Network'),
      whole,
      h('button', { onclick: () => void save('svg') }, 'SVG'),
      h('button', { onclick: () => void save('png') }, 'PNG'),
    );
  }

  async #saveReport(as: 'sarif' | 'md'): Promise<void> {
    const [session, report] = [this.#session, this.report];
    if (session === undefined || report === undefined) return;
    const { download, markdown, sarifFile } = await exporting();
    if (as === 'sarif') return download('vaultmoat.sarif', await sarifFile(report, session));
    const text = await markdown(report, await session.project.graph());
    download('network.md', new Blob([text], { type: 'text/markdown' }));
  }

  readonly #cloud = choice('Cloud', { '': 'from the files', public: 'public', usgov: 'US government', china: 'China' }, (cloud) =>
    this.configure({ cloud }),
  );
  readonly #profile = choice('Rules', { recommended: 'recommended', strict: 'strict' }, (profile) => this.configure({ profile }));
  readonly #together = h('input', { type: 'checkbox', onchange: () => this.configure({ together: this.#together.checked }) });

  #options(): HTMLElement {
    return h(
      'div',
      { class: 'tools options' },
      h('label', {}, 'Cloud ', this.#cloud),
      h('label', {}, 'Rules ', this.#profile),
      h('label', { title: 'treat all files as one environment' }, this.#together, ' all files together'),
    );
  }

  #showOptions(): void {
    this.#cloud.value = this.settings.cloud;
    this.#profile.value = this.settings.profile;
    this.#together.checked = this.settings.together;
  }
}

function choice<T extends string>(label: string, names: Record<T, string>, changed: (value: T) => void): HTMLSelectElement {
  const options = Object.entries<string>(names).map(([value, name]) => h('option', { value }, name));
  const select = h('select', { 'aria-label': label, onchange: () => changed(select.value as T) }, ...options);
  return select;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function idle(): Promise<void> {
  return new Promise((resolve) =>
    'requestIdleCallback' in window ? requestIdleCallback(() => resolve()) : setTimeout(resolve, 200),
  );
}

const page = new Page();
await page.start();
await idle();
// Loads everything in advance, so that the page works without a network from here on.
await page.load();
await draw({ version: 1, nodes: [], edges: [], findings: [], nodesLeftOut: 0, edgesLeftOut: 0 });
performance.mark('settled');
