// The language server: answers an editor's requests from workspaces. Its host provides the connection, the engine and the
// disk.

import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  type Diagnostic,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type Location,
  LSPErrorCodes,
  MessageType,
  ResponseError,
  ShowMessageNotification,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Engine, EngineCrash, type ProjectOptions } from '../engine.js';
import { toSvg } from '../graph/index.js';
import { decisionInMarkdown, accessInMarkdown } from '../reports/access.js';
import { planInMarkdown } from '../reports/plan.js';
import type { AccessReport, GraphReport } from '../types.js';
import { actions, type EditSupport, FIX_ALL } from './actions.js';
import { configurationDiagnostic, diagnosticsByFile, notRead } from './diagnostics.js';
import { definitions, references } from './elements.js';
import { EXPLAIN, hints, lenses } from './hints.js';
import { hover, lineOf } from './hover.js';
import { normal } from './places.js';
import { plain } from './ranges.js';
import { type Disk, type View, Workspace } from './workspace.js';

/** The environment of a server. */
export interface Host {
  readonly connection: Connection;
  readonly engine: Engine;
  /** The files below a folder, given its URI, and whether the editor has opened that folder. */
  disk(folder: string, isOpen: boolean): Disk;
}

/** The section `vaultmoat` of the editor's settings. */
export interface Settings extends Pick<ProjectOptions, 'cloud' | 'profile' | 'complete'> {
  readonly codeLens?: boolean | undefined;
  readonly inlayHints?: boolean | undefined;
}

/** Every setting, with its type. */
export const SETTINGS: Readonly<Record<keyof Settings, 'string' | 'boolean'>> = {
  cloud: 'string',
  profile: 'string',
  complete: 'boolean',
  codeLens: 'boolean',
  inlayHints: 'boolean',
};

/** The argument of a command. */
export interface Target {
  /** The URI of an open document. */
  readonly uri: string;
  /** Name, address or id of a vault; undefined for all. */
  readonly vault?: string | undefined;
  /** A caller; undefined for all. */
  readonly from?: string | undefined;
}

/** The commands that a client can execute. */
export const COMMANDS = {
  explain: EXPLAIN,
  plan: 'vaultmoat.plan',
  model: 'vaultmoat.model',
  graph: 'vaultmoat.graph',
} as const;

/** The result of `vaultmoat.graph`. */
export interface Drawn {
  readonly report: GraphReport;
  /** An SVG without a style sheet; null if the graph is too large. */
  readonly picture: string | null;
  /** The declarations of nodes, by their ids. */
  readonly places: Readonly<Record<string, Location>>;
}

/** Milliseconds after the last change before a check starts. */
const PAUSE = 120;

const WATCHED = ['**/*.{bicep,bicepparam,tf,tofu,tfvars,json,jsonc,ndjson}', '**/vaultmoat.toml', '**/package.json'];

export function serve(host: Host): void {
  new Server(host).listen();
}

class Server {
  readonly #connection: Connection;
  readonly #host: Host;
  readonly #open = new Map<string, TextDocument>();
  readonly #documents = new TextDocuments(TextDocument);
  readonly #workspaces = new Map<string, Workspace>();
  readonly #settings = new Map<string, Settings>();
  /** The diagnostics that were published last, by URI, with the version of open documents. */
  readonly #published = new Map<string, string>();
  #folders: string[] = [];
  #support: EditSupport = { documentChanges: false, snippets: false };
  #canAskForSettings = false;
  #canWatch = false;
  #canWatchSettings = false;
  #canWatchFolders = false;
  #given: Settings = {};
  /** Whether the client shows results of commands. For other clients a message has a summary. */
  #showsAnswers = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #crashes = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
    this.#connection = host.connection;
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => {
      this.#initialized().catch((error: unknown) => this.#log(error));
    });
    connection.onDidChangeConfiguration(({ settings }) => {
      this.#given = settingsIn((settings as { vaultmoat?: unknown } | null)?.vaultmoat);
      void this.#configure();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const uris = changes.map(({ uri }) => uri);
      // The text of an open document is known already.
      const others = uris.filter((uri) => !this.#open.has(normal(uri)));
      if (uris.some((uri) => /\/(vaultmoat\.toml|package\.json)$/.test(uri))) void this.#configure();
      if (others.length === 0) return;
      for (const workspace of this.#workspaces.values()) workspace.diskTouched(others);
      this.#soon();
    });
    this.#documents.onDidOpen(({ document }) => this.#opened(document));
    this.#documents.onDidChangeContent(({ document }) => this.#touched(document));
    this.#documents.onDidSave(({ document }) => {
      if (this.#canWatch) return;
      // Other files may have changed, and this client does not watch them.
      for (const workspace of this.#workspaces.values()) workspace.diskTouched([document.uri]);
      this.#soon();
    });
    this.#documents.onDidClose(({ document }) => this.#closed(document));
    this.#answer();
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize({ capabilities, workspaceFolders, rootUri, initializationOptions }: InitializeParams): InitializeResult {
    const { workspace } = capabilities;
    this.#support = {
      documentChanges: workspace?.workspaceEdit?.documentChanges ?? false,
      snippets: workspace?.workspaceEdit?.snippetEditSupport ?? false,
    };
    this.#canAskForSettings = workspace?.configuration ?? false;
    this.#canWatch = workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false;
    this.#canWatchSettings = workspace?.didChangeConfiguration?.dynamicRegistration ?? false;
    this.#canWatchFolders = workspace?.workspaceFolders ?? false;
    this.#folders = (workspaceFolders ?? (rootUri ? [{ uri: rootUri }] : [])).map(({ uri }) => normal(uri));
    this.#given = settingsIn(initializationOptions);
    this.#showsAnswers = (initializationOptions as { showsAnswers?: unknown } | undefined)?.showsAnswers === true;
    return {
      serverInfo: { name: 'vaultmoat', version: this.#host.engine.version },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        codeLensProvider: {},
        inlayHintProvider: true,
        executeCommandProvider: { commands: Object.values(COMMANDS) },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  async #initialized(): Promise<void> {
    const connection = this.#connection;
    if (this.#canWatchFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => normal(uri)));
        this.#folders = [...this.#folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => normal(uri))];
        this.#startAgain();
      });
    }
    if (this.#canWatch) {
      const watchers = WATCHED.map((globPattern) => ({ globPattern }));
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (this.#canWatchSettings)
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'vaultmoat' });
  }

  #opened(document: TextDocument): void {
    this.#open.set(normal(document.uri), document);
    this.#workspaceOf(document.uri).open(document);
    this.#touched(document);
  }

  #touched({ uri }: TextDocument): void {
    for (const workspace of this.#workspaces.values()) workspace.touch(uri);
    this.#soon();
  }

  #closed(document: TextDocument): void {
    this.#open.delete(normal(document.uri));
    const folder = this.#folderOf(document.uri);
    const workspace = this.#workspaces.get(folder);
    workspace?.close(document);
    if (workspace?.isIdle === true) {
      workspace.dispose();
      this.#workspaces.delete(folder);
    }
    this.#touched(document);
  }

  /** The folder of a document's workspace: the innermost open folder, or else its own. */
  #folderOf(uri: string): string {
    const around = this.#folders.filter((folder) => normal(uri).startsWith(`${folder.replace(/\/$/, '')}/`));
    around.sort((a, b) => b.length - a.length);
    return around[0] ?? (normal(uri).replace(/\/?[^/]*$/, '') || normal(uri));
  }

  #workspaceOf(uri: string): Workspace {
    const folder = this.#folderOf(uri);
    const known = this.#workspaces.get(folder);
    if (known !== undefined) return known;
    const { engine } = this.#host;
    const workspace = new Workspace(folder, engine, this.#host.disk(folder, this.#folders.includes(folder)), this.#open, {
      crashed: (uri, error) => this.#crashed(uri, error),
      misconfigured: (message) => this.#show(`vaultmoat: ${message}`),
      settings: () => this.#projectOptions(folder),
    });
    this.#workspaces.set(folder, workspace);
    return workspace;
  }

  /** Assigns all documents to new workspaces after the open folders changed. */
  #startAgain(): void {
    for (const workspace of this.#workspaces.values()) workspace.dispose();
    this.#workspaces.clear();
    this.#settings.clear();
    for (const document of this.#open.values()) this.#workspaceOf(document.uri).open(document);
    this.#soon();
  }

  async #configure(): Promise<void> {
    this.#settings.clear();
    for (const workspace of this.#workspaces.values()) workspace.configure();
    this.#soon();
    await this.#connection.languages.inlayHint.refresh().catch(() => undefined);
  }

  async #settingsOf(folder: string): Promise<Settings> {
    const known = this.#settings.get(folder);
    if (known !== undefined) return known;
    let settings = this.#given;
    if (this.#canAskForSettings) {
      const asked: unknown = await this.#connection.workspace
        .getConfiguration({ scopeUri: folder, section: 'vaultmoat' })
        .catch(() => null);
      settings = { ...settings, ...settingsIn(asked) };
    }
    this.#settings.set(folder, settings);
    return settings;
  }

  async #projectOptions(folder: string): Promise<ProjectOptions> {
    const { cloud, profile, complete } = await this.#settingsOf(folder);
    const set = Object.entries({ cloud, profile, complete }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(set);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#publish().catch((error: unknown) => this.#log(error));
    }, PAUSE);
  }

  async #publish(): Promise<void> {
    const found = new Map<string, { diagnostics: readonly Diagnostic[]; version: number | undefined }>();
    for (const workspace of this.#workspaces.values()) {
      const units = await workspace.fresh();
      for (const [uri, diagnostics] of diagnosticsByFile(workspace, units)) {
        const path = workspace.places.path(uri);
        const known = found.get(uri);
        const version = known?.version ?? (path === undefined ? undefined : workspace.version(path));
        found.set(uri, {
          diagnostics: known === undefined ? diagnostics : each([...known.diagnostics, ...diagnostics]),
          version,
        });
      }
      for (const { uri, version } of workspace.skipped) {
        if (!found.has(uri)) found.set(uri, { diagnostics: [notRead(uri)], version });
      }
      for (const problem of workspace.problems) {
        const uri = workspace.uri(problem.path);
        const { diagnostics = [], version } = found.get(uri) ?? {};
        found.set(uri, { diagnostics: each([...diagnostics, configurationDiagnostic(problem)]), version });
      }
    }
    for (const uri of this.#published.keys()) {
      if (!found.has(uri)) found.set(uri, { diagnostics: [], version: undefined });
    }
    for (const [uri, { diagnostics, version }] of found) {
      const now = JSON.stringify([version, diagnostics]);
      const before = this.#published.get(uri);
      if (now === before || (before === undefined && diagnostics.length === 0)) continue;
      if (diagnostics.length === 0 && !this.#open.has(normal(uri))) this.#published.delete(uri);
      else this.#published.set(uri, now);
      void this.#connection.sendDiagnostics({
        uri,
        diagnostics: [...diagnostics],
        ...(version === undefined ? {} : { version }),
      });
    }
  }

  #log(error: unknown): void {
    this.#connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  /** Reports a crash once per file, since each edit may repeat it. */
  #crashed(uri: string, error: EngineCrash): void {
    this.#log(error);
    if (this.#crashes.has(uri)) return;
    this.#crashes.add(uri);
    this.#show(
      `vaultmoat: the engine crashed at ${uri} and was restarted; findings of this file may be outdated. Please report this.`,
    );
  }

  /** Shows a message as a notification. `connection.window` would send a request, which not every client answers. */
  #show(message: string, type: MessageType = MessageType.Error): void {
    void this.#connection.sendNotification(ShowMessageNotification.type, { type, message });
  }

  #answer(): void {
    const connection = this.#connection;
    connection.onCodeAction((params, token) =>
      this.#of(params.textDocument.uri, token, (views) => actions(views, params, this.#support), []),
    );
    connection.onHover(({ textDocument, position }, token) =>
      this.#of(textDocument.uri, token, ([view]) => (view === undefined ? null : (hover(view, position) ?? null)), null),
    );
    connection.onDefinition(({ textDocument, position }, token) =>
      this.#of(
        textDocument.uri,
        token,
        ([view]) => (view === undefined ? [] : definitions(view, position, lineOf(view, position))),
        [],
      ),
    );
    connection.onReferences(({ textDocument, position }, token) =>
      this.#of(textDocument.uri, token, ([view]) => (view === undefined ? [] : references(view, position)), []),
    );
    connection.onCodeLens(({ textDocument }, token) =>
      this.#of(
        textDocument.uri,
        token,
        async ([view]) => {
          const { codeLens = true } = await this.#settingsOf(this.#folderOf(textDocument.uri));
          return view === undefined || !codeLens ? [] : lenses(view);
        },
        [],
      ),
    );
    connection.languages.inlayHint.on(({ textDocument, range }, token) =>
      this.#of(
        textDocument.uri,
        token,
        async ([view]) => {
          const { inlayHints = false } = await this.#settingsOf(this.#folderOf(textDocument.uri));
          return view === undefined || !inlayHints ? [] : hints(view, range);
        },
        [],
      ),
    );
    connection.onExecuteCommand(({ command, arguments: [target] = [] }, token) => {
      if (!isTarget(target))
        return new ResponseError(LSPErrorCodes.RequestFailed, `\`${command}\` needs one object with \`uri\``);
      return this.#of(target.uri, token, ([view]) => (view === undefined ? null : this.#execute(command, view, target)), null);
    });
  }

  /** Answers a request from the newest state of a document, unless it was cancelled. */
  async #of<T>(
    uri: string,
    token: CancellationToken,
    answer: (views: readonly View[]) => T | Promise<T>,
    otherwise: T,
  ): Promise<T | ResponseError<void>> {
    const workspace = this.#workspaces.get(this.#folderOf(uri));
    if (workspace === undefined) return otherwise;
    const views = await workspace.views(uri);
    if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    try {
      return await answer(views);
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error;
      this.#crashed(uri, error);
      return otherwise;
    }
  }

  async #execute(command: string, { unit, workspace }: View, { vault, from }: Target): Promise<unknown> {
    const { project } = unit;
    try {
      switch (command) {
        case COMMANDS.explain: {
          if (from !== undefined) {
            const decision = project.explain({ vault, from });
            return { markdown: decisionInMarkdown(decision, { layout: 'list' }), report: decision };
          }
          const report = project.access({ vault });
          if (!this.#showsAnswers) this.#show(inOneLine(report), MessageType.Info);
          return { markdown: accessInMarkdown(report, 'list'), report };
        }
        case COMMANDS.plan: {
          const report = project.plan({ vault });
          return { markdown: planInMarkdown(report), report };
        }
        case COMMANDS.model:
          return { report: unit.model() };
        case COMMANDS.graph:
          return await drawn(project.graph(), workspace);
        default:
          return new ResponseError(LSPErrorCodes.RequestFailed, `there is no command \`${command}\``);
      }
    } catch (error) {
      if (error instanceof EngineCrash) throw error;
      // The vault or the caller is unknown.
      return new ResponseError(LSPErrorCodes.RequestFailed, (error as Error).message);
    }
  }
}

/** Removes duplicates from several units. */
function each(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

async function drawn(report: GraphReport, workspace: Workspace): Promise<Drawn> {
  const picture = await toSvg(report, { style: false }).catch((error: unknown) => {
    if (error instanceof RangeError) return null;
    throw error;
  });
  const places = report.nodes.flatMap(({ id, file, range }): [string, Location][] =>
    file === null || range === null ? [] : [[id, { uri: workspace.uri(file), range: plain(range) }]],
  );
  return { report, picture, places: Object.fromEntries(places) };
}

function isTarget(target: unknown): target is Target {
  return typeof target === 'object' && target !== null && typeof (target as Target).uri === 'string';
}

/** The settings in a client's object; a setting of the wrong type is ignored. */
function settingsIn(given: unknown): Settings {
  if (typeof given !== 'object' || given === null) return {};
  const found = Object.entries(given).filter(([key, value]) => value !== '' && typeof value === SETTINGS[key as keyof Settings]);
  return Object.fromEntries(found);
}

function inOneLine({ decisions }: AccessReport): string {
  const count = (outcome: string) => decisions.filter((decision) => decision.outcome === outcome).length;
  return `vaultmoat: ${count('allowed')} callers allowed, ${count('denied')} denied, ${count('depends')} undecided`;
}
