// The files: their texts, the open one, and its marks.

import { type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Diagnostic, Fix, Range, TextEdit } from 'vaultmoat';
import { prose } from './dom.js';
import { createView, stateOf } from './editor.js';

/** Events of the workspace. */
export interface Listener {
  /** A text was changed. */
  edited(path: string): void;
  /** Files were added or removed, or another one was opened. */
  listed(): void;
  /** The cursor moved. */
  moved(path: string, offset: number): void;
  /** A fix was chosen in the text. */
  fixed(fix: Fix): void;
}

/** The name of the file that replaces the last one. */
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

  /** Replaces all files. */
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

  /** Opens a file, and selects a range in it. */
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

  /** Applies edits to any files; they can be undone in each file. */
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

  /** Replaces the text of a file; it can be undone. */
  rewrite(path: string, text: string): void {
    const end = { line: 0, character: 0, offset: this.#state(path)?.doc.length ?? 0 };
    this.apply([{ file: path, range: { start: { ...end, offset: 0 }, end }, text }]);
  }

  /** Marks the findings of a report. */
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

  /** Opens the file, or else the first one; creates one if there is none. */
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
