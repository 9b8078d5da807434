// Code actions for findings.

import {
  type AnnotatedTextEdit,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type SnippetTextEdit,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Diagnostic as Finding } from '../types.js';
import { editorDiagnostic, editorFix, findings } from './diagnostics.js';
import { plain, touches } from './ranges.js';
import { suppression } from './suppress.js';
import type { View, Workspace } from './workspace.js';

/** The kind of the action that applies all safe fixes of a file. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.vaultmoat`;

/** The client's capabilities for edits. */
export interface EditSupport {
  readonly documentChanges: boolean;
  readonly snippets: boolean;
}

const MOST_ROUNDS = 10;

/** The actions for a range of a document. */
export function actions(views: readonly View[], { range, context }: CodeActionParams, support: EditSupport): CodeAction[] {
  const isWanted = (kind: string) => context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true;
  const found = new Map<string, CodeAction>();
  const add = (action: CodeAction): void => {
    const key = JSON.stringify([action.title, action.edit]);
    const known = found.get(key);
    if (known === undefined) found.set(key, action);
    else if (action.diagnostics !== undefined) known.diagnostics = [...(known.diagnostics ?? []), ...action.diagnostics];
  };
  if (isWanted(CodeActionKind.QuickFix)) {
    const inRange = views.flatMap((view) => findings(view).map((finding) => ({ view, finding })));
    const here = inRange.filter(({ finding }) => touches(plain(finding.range), range));
    for (const { view, finding } of here) for (const action of quickFixes(view, finding, support)) add(action);
    for (const { view, finding } of here) {
      const action = suppress(view, finding, support);
      if (action !== undefined) add(action);
    }
  }
  // Only if it is requested by name: the menu at a finding is about that finding.
  if (context.only !== undefined && isWanted(FIX_ALL)) {
    const [view] = views;
    const edits = view === undefined ? [] : fixAll(view);
    if (view !== undefined && edits.length > 0) {
      add({
        title: 'vaultmoat: apply all safe fixes',
        kind: FIX_ALL,
        edit: workspaceEdit(view.workspace, { [view.document.uri]: edits }, support),
      });
    }
  }
  return [...found.values()];
}

function quickFixes({ workspace }: View, finding: Finding, support: EditSupport): CodeAction[] {
  const safeFirst = [...finding.fixes].sort((a, b) => (a.applicability < b.applicability ? -1 : 1));
  return safeFirst.map((fix, at) => {
    const isSafe = fix.applicability === 'safe';
    return {
      title: isSafe ? fix.title : `${fix.title} (changes which requests are allowed)`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [editorDiagnostic(workspace, finding)],
      ...(isSafe && at === 0 ? { isPreferred: true } : {}),
      edit: workspaceEdit(workspace, editorFix(workspace, fix).changes, support),
    };
  });
}

function suppress(view: View, finding: Finding, support: EditSupport): CodeAction | undefined {
  const edit = suppression(view, finding, support.documentChanges && support.snippets);
  if (edit === undefined) return undefined;
  return {
    title: `suppress \`${finding.rule}\` here, with a reason`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [editorDiagnostic(view.workspace, finding)],
    edit: workspaceEdit(view.workspace, { [view.document.uri]: [edit] }, support),
  };
}

/** The edits that apply all safe fixes of a file. Overlapping fixes take several rounds. */
function fixAll({ unit, path, document }: View): TextEdit[] {
  const { project, texts } = unit;
  const before = texts.get(path);
  if (before === undefined) return [];
  let first: TextEdit[] = [];
  let text = before;
  let rounds = 0;
  try {
    for (; rounds < MOST_ROUNDS; rounds++) {
      const own = project.fix().find(({ file }) => file === path);
      if (own === undefined) break;
      if (rounds === 0) first = own.edits.map(({ range, text }) => ({ range: plain(range), newText: text }));
      text = own.text;
      project.set(path, text);
    }
  } finally {
    if (rounds > 0) project.set(path, before);
  }
  return rounds <= 1 ? first : [difference(document.getText(), text, (offset) => document.positionAt(offset))];
}

/** One edit that replaces what differs between two texts. */
function difference(before: string, after: string, at: (offset: number) => TextEdit['range']['start']): TextEdit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { range: { start: at(start), end: at(before.length - end) }, newText: after.slice(start, after.length - end) };
}

type Edit = TextEdit | AnnotatedTextEdit | SnippetTextEdit;

/** Edits in the form that the client supports, with document versions if possible. */
function workspaceEdit(
  workspace: Workspace,
  changes: Readonly<Record<string, readonly Edit[]>>,
  support: EditSupport,
): WorkspaceEdit {
  if (!support.documentChanges) return { changes: changes as Record<string, TextEdit[]> };
  const documentChanges = Object.entries(changes).map(([uri, edits]): TextDocumentEdit => {
    const path = workspace.places.path(uri);
    const version = (path === undefined ? undefined : workspace.document(path)?.version) ?? null;
    return { textDocument: { uri, version }, edits: [...edits] };
  });
  return { documentChanges };
}
