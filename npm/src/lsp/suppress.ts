// Writes suppressions in the form of each language.

import { modify, type Node, parseTree } from 'jsonc-parser';
import type { SnippetTextEdit, TextEdit } from 'vscode-languageserver';
import type { Diagnostic as Finding } from '../types.js';
import type { View } from './workspace.js';

const REASON = 'explain why this is intentional';

/** Rules about the text itself, which cannot be suppressed. */
const NEVER = new Set(['syntax', 'unused-suppression', 'invalid-suppression']);

/** The edit that suppresses a finding; undefined if the language has no suppressions. */
export function suppression(view: View, finding: Finding, asSnippet: boolean): TextEdit | SnippetTextEdit | undefined {
  if (NEVER.has(finding.rule)) return undefined;
  const { language, path, document } = view;
  const text = document.getText();
  switch (language) {
    case 'bicep':
    case 'bicep-parameters':
      return comment(view, finding, '//', asSnippet);
    case 'terraform':
    case 'terraform-variables':
      // Terraform's JSON has no comments.
      return /\.json$/i.test(path) ? undefined : comment(view, finding, '#', asSnippet);
    case 'arm':
      return /\.jsonc$/i.test(path) || hasComments(text)
        ? comment(view, finding, '//', asSnippet)
        : metadata(view, finding, asSnippet);
    default:
      return undefined;
  }
}

/** A comment on the line before, or on the same line where one above would apply to the whole file. */
function comment({ document }: View, { rule, range }: Finding, mark: string, asSnippet: boolean): TextEdit | SnippetTextEdit {
  const { line } = range.start;
  const text = document.getText();
  const start = document.offsetAt({ line, character: 0 });
  const words = (reason: string) => `${mark} vaultmoat-ignore ${rule}: ${reason}`;
  const isHead = /^\ufeff?\s*$/.test(withoutComments(text.slice(0, start), mark));
  const content = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? '';
  const [indent = ''] = /^\s*/.exec(content) ?? [];
  const at = isHead ? { line, character: content.trimEnd().length } : { line, character: indent.length };
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const around = (reason: string) => (isHead ? ` ${words(reason)}` : `${words(reason)}${lineEnd}${indent}`);
  return edit({ start: at, end: at }, around, asSnippet);
}

function withoutComments(text: string, mark: string): string {
  const lines = text.split('\n').map((line) => (line.trimStart().startsWith(mark) ? '' : line));
  return lines.join('\n').replace(/\/\*[^]*?\*\//g, '');
}

/** An entry in the resource's `metadata`. */
function metadata({ document }: View, { rule, range }: Finding, asSnippet: boolean): TextEdit | SnippetTextEdit | undefined {
  const text = document.getText();
  const found = resourceAt(parseTree(text), range.start.offset);
  if (found === undefined) return undefined;
  const entry = { rule, reason: REASON };
  const path = [...found, 'metadata', 'vaultmoat', 'ignore'];
  const formattingOptions = {
    insertSpaces: !/^\t/m.test(text),
    tabSize: /^( +)\S/m.exec(text)?.[1]?.length ?? 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const edits = hasPath(parseTree(text), path)
    ? modify(text, [...path, -1], entry, { formattingOptions, isArrayInsertion: true })
    : modify(text, path, [entry], { formattingOptions });
  const [first] = edits;
  if (first === undefined || edits.length !== 1) return undefined;
  const place = { start: document.positionAt(first.offset), end: document.positionAt(first.offset + first.length) };
  return edit(place, (reason) => first.content.replace(REASON, () => reason), asSnippet);
}

/** The path of the innermost resource around an offset. */
function resourceAt(root: Node | undefined, offset: number): (string | number)[] | undefined {
  let found: (string | number)[] | undefined;
  const path: (string | number)[] = [];
  for (let node = root; node !== undefined;) {
    const inner: Node | undefined = node.children?.find(
      (child) => child.offset <= offset && offset <= child.offset + child.length,
    );
    if (node.type === 'object' && isResource(node) && path.length > 0) found = [...path];
    if (inner === undefined) break;
    if (node.type === 'array') path.push(node.children?.indexOf(inner) ?? 0);
    if (node.type === 'property' && inner === node.children?.[1]) path.push(String(node.children[0]?.value));
    node = inner;
  }
  return found;
}

function isResource(node: Node): boolean {
  const type = node.children?.find(({ children }) => children?.[0]?.value === 'type')?.children?.[1];
  return typeof type?.value === 'string' && type.value.includes('/');
}

function hasPath(root: Node | undefined, path: readonly (string | number)[]): boolean {
  let node = root;
  for (const part of path) {
    node =
      typeof part === 'number'
        ? node?.children?.[part]
        : node?.children?.find(({ children }) => children?.[0]?.value === part)?.children?.[1];
  }
  return node?.type === 'array';
}

function hasComments(text: string): boolean {
  return /^\s*(\/\/|\/\*)/m.test(text);
}

function edit(range: TextEdit['range'], around: (reason: string) => string, asSnippet: boolean): TextEdit | SnippetTextEdit {
  if (!asSnippet) return { range, newText: around(REASON) };
  const [before = '', after = ''] = around('\0').split('\0').map(escaped);
  return { range, snippet: { kind: 'snippet', value: `${before}\${1:${REASON}}${after}` } };
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, (character) => `\\${character}`);
}
