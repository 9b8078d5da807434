// A panel with the network of a document's vaults, which follows edits.

import type { Drawn } from 'vaultmoat/lsp';
import {
  type Disposable,
  type DocumentSelector,
  languages,
  Range,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { chosen, type Network, page } from './network.js';

/** Milliseconds after the last edit before a redraw. */
const PAUSE = 400;

/** A drawing, and the declarations of its elements. */
export type Answer = Network & Pick<Drawn, 'places'>;

/** The single panel, for the document that was shown last. */
export class NetworkPanel implements Disposable {
  readonly #ask: (uri: string) => Promise<Answer | undefined>;
  readonly #listener: Disposable;
  #panel: WebviewPanel | undefined;
  #uri = '';
  #shown = '';
  #places: Drawn['places'] = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(selector: DocumentSelector, ask: (uri: string) => Promise<Answer | undefined>) {
    this.#ask = ask;
    this.#listener = workspace.onDidChangeTextDocument(({ document }) => {
      if (this.#panel !== undefined && languages.match(selector, document) > 0) this.#soon();
    });
  }

  /** Shows the network of a document. Returns false if there is no vault in it. */
  async show(uri: string): Promise<boolean> {
    const answer = await this.#ask(uri);
    if (answer === undefined) return false;
    this.#uri = uri;
    this.#panel ??= this.#opened();
    this.#draw(answer);
    this.#panel.reveal(undefined, true);
    return true;
  }

  #opened(): WebviewPanel {
    const beside = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const panel = window.createWebviewPanel('vaultmoat.network', 'Network of vaults', beside, {
      enableScripts: true,
      localResourceRoots: [],
    });
    panel.webview.onDidReceiveMessage((message: unknown) => this.#reveal(message));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#shown = '';
    });
    return panel;
  }

  #draw(answer: Answer): void {
    const { places, ...network } = answer;
    this.#places = places;
    // An equal page is not replaced, which would lose its scroll position.
    const now = JSON.stringify(network);
    if (this.#panel === undefined || now === this.#shown) return;
    this.#shown = now;
    this.#panel.webview.html = page(network, globalThis.crypto.randomUUID());
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // An incomplete edit may have no vault: the last picture stays.
      this.#ask(this.#uri).then(
        (answer) => answer !== undefined && this.#draw(answer),
        () => undefined,
      );
    }, PAUSE);
  }

  /** Opens the declaration of an element. */
  #reveal(message: unknown): void {
    const place = chosen(message, this.#places);
    if (place === undefined) return;
    const { line, character } = place.range.start;
    const selection = new Range(line, character, line, character);
    const uri = Uri.parse(place.uri);
    const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
    const viewColumn = open?.viewColumn ?? ViewColumn.One;
    window.showTextDocument(uri, { viewColumn, selection }).then(undefined, (error: unknown) => {
      void window.showErrorMessage(`vaultmoat: ${(error as Error).message}`);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
    this.#panel?.dispose();
  }
}
