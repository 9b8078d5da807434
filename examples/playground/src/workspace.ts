// The files: their texts, which one is open, what is marked in it.

import { type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Diagnostic, Fix, Range, TextEdit } from 'vaultmoat';
import { prose } from './dom.js';
import { createView, stateOf } from './editor.js';

/** What the workspace tells. */
export interface Listener {
  /** A text was changed, by whomever. */
  edited(path: string): void;
  /** Files came, went, or another one is open. */
  listed(): void;
  /** The cursor is somewhere else. */
  moved(path: string, offset: number): void;
  /** A fix was chosen in the text. */
  fixed(fix: Fix): void;
}

/** What the file is called that is there when there is no other. */
const EMPTY = 'main.bicep';

export class Workspace {
  readonly #view: EditorView;
  readonly #states = new Map<string, EditorState>();
  readonly #listener: Listener;
  #active = '';
  #diagnostics: readonly Diagnostic[] = [];

  constructor(host: HTMLElement, listener: Listener) {
    this.#view = createView(host);
    this.#listener = listener;
  }

  get active(): string {
    return this.#active;
  }

  get paths(): string[] {
    return [...this.#states.keys()];
  }

  /** Path and text of every file. */
  *texts(): Generator<[path: string, text: string]> {
    for (const path of this.#states.keys()) yield [path, this.text(path)];
  }

  text(path: string): string {
    return this.#state(path)?.doc.toString() ?? '';
  }

  /** Puts these files in the place of all others. */
  replace(files: Iterable<readonly [string, string]>, active = ''): void {
    this.#states.clear();
    this.#active = '';
    this.#diagnostics = [];
    for (const [path, text] of files) this.#states.set(path, this.#stateOf(path, text));
    this.#showFirst(active);
  }

  /** Adds a file or replaces its text, and opens it. */
  add(path: string, text: string): void {
    this.#keep();
    this.#states.set(path, this.#stateOf(path, text));
    if (path === this.#active) this.#active = '';
    this.#show(path);
  }

  remove(path: string): void {
    this.#states.delete(path);
    if (path !== this.#active) this.#listener.listed();
    else {
      this.#active = '';
      this.#showFirst('');
    }
  }

  open(path: string): void {
    if (path !== this.#active && this.#states.has(path)) this.#show(path);
  }

  /** Opens a file, and selects a place in it. */
  reveal(file: string, { start, end }: Range): void {
    this.open(file);
    if (file !== this.#active) return;
    const length = this.#view.state.doc.length;
    const [anchor, head] = [Math.min(start.offset, length), Math.min(end.offset, length)];
    this.#view.dispatch({
      selection: { anchor, head },
      effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
    });
    this.#view.focus();
  }

  /** Makes changes in any of the files; they can be undone in the file. */
  apply(edits: readonly TextEdit[]): void {
    const files = new Set(edits.map(({ file }) => file));
    for (const path of files) {
      const state = this.#state(path);
      if (state === undefined) continue;
      const changes = edits
        .filter(({ file }) => file === path)
        .map(({ range, text }) => ({ from: range.start.offset, to: range.end.offset, insert: text }));
      if (changes.some(({ to }) => to > state.doc.length)) continue;
      const change = { changes, userEvent: 'input.fix' };
      if (path === this.#active) this.#view.dispatch(change);
      else {
        this.#states.set(path, state.update(change).state);
        this.#listener.edited(path);
      }
    }
  }

  /** Puts another text in the place of a file's; it can be undone. */
  rewrite(path: string, text: string): void {
    const end = { line: 0, character: 0, offset: this.#state(path)?.doc.length ?? 0 };
    this.apply([{ file: path, range: { start: { ...end, offset: 0 }, end }, text }]);
  }

  /** Marks what was found in the texts as they are. */
  mark(diagnostics: readonly Diagnostic[]): void {
    this.#diagnostics = diagnostics;
    const length = this.#view.state.doc.length;
    const marks = diagnostics
      .filter(({ file, range }) => file === this.#active && range.end.offset <= length)
      .map((diagnostic): Mark => {
        const { range, severity, message, rule, fixes } = diagnostic;
        return {
          from: range.start.offset,
          to: range.end.offset,
          severity,
          message,
          renderMessage: () => prose(message),
          source: rule,
          actions: fixes.map((fix) => ({ name: fix.title, apply: () => this.#listener.fixed(fix) })),
        };
      });
    this.#view.dispatch(setDiagnostics(this.#view.state, marks));
  }

  #stateOf(path: string, text: string): EditorState {
    return stateOf(
      path,
      text,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.#listener.edited(path);
        if (update.selectionSet && !update.docChanged) this.#listener.moved(path, update.state.selection.main.head);
      }),
    );
  }

  #state(path: string): EditorState | undefined {
    return path === this.#active ? this.#view.state : this.#states.get(path);
  }

  /** Opens the file, or else the first. There is always one to type in. */
  #showFirst(path: string): void {
    if (this.#states.size === 0) this.#states.set(EMPTY, this.#stateOf(EMPTY, ''));
    this.#show(this.#states.has(path) ? path : (this.paths[0] ?? EMPTY));
  }

  #keep(): void {
    if (this.#states.has(this.#active)) this.#states.set(this.#active, this.#view.state);
  }

  #show(path: string): void {
    this.#keep();
    const state = this.#states.get(path) ?? this.#stateOf('', '');
    this.#active = path;
    this.#view.setState(state);
    this.mark(this.#diagnostics);
    this.#listener.listed();
  }
}
