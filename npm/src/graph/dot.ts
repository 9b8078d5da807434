// A graph report for Graphviz.

import type { GraphEdge, GraphNode, GraphReport, Severity } from '../types.js';
import { about, caption, containers, drawn, leftOut, lines, oneLine, type Tree, trees, worst } from './tree.js';

const COLORS: Record<Severity, string> = { error: '#d1242f', warning: '#bf8700', info: '#0969da' };

/** Converts to DOT. Names from the files are escaped. */
export function toDot(report: GraphReport): string {
  const outer = containers(report);
  const rest = leftOut(report);
  return [
    'digraph vaultmoat {',
    '  rankdir=LR; compound=true;',
    '  node [shape=box, style=rounded, fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...(rest === '' ? [] : [`  label=${quoted(rest)};`]),
    ...trees(report).flatMap((tree) => element(tree, '  ')),
    ...drawn(report).map((edge) => arrow(edge, outer)),
    '}',
    '',
  ].join('\n');
}

function element({ node, children }: Tree, indent: string): string[] {
  if (children.length === 0) return [`${indent}${quoted(node.id)} [${attributes(node)}${shape(node)}];`];
  return [
    `${indent}subgraph ${quoted(`cluster_${node.id}`)} {`,
    `${indent}  ${attributes(node)};`,
    // The node that edges to the cluster end at.
    `${indent}  ${quoted(node.id)} [shape=point, width=0.05, label=""];`,
    ...children.flatMap((child) => element(child, `${indent}  `)),
    `${indent}}`,
  ];
}

function attributes(node: GraphNode): string {
  const severity = worst(node.findings);
  const color = severity === undefined ? '' : `, color="${COLORS[severity]}", penwidth=2`;
  return `label=${quoted(lines(node).join('\n'))}, tooltip=${quoted(about(node))}${color}`;
}

function shape({ kind }: GraphNode): string {
  if (kind === 'vault' || kind === 'hsm') return ', shape=cylinder';
  return kind === 'internet' || kind === 'trusted-services' ? ', shape=ellipse' : '';
}

function arrow(edge: GraphEdge, outer: ReadonlySet<string>): string {
  const severity = worst(edge.findings);
  const parts = [
    `label=${quoted(caption(edge))}`,
    `tooltip=${quoted(about(edge))}`,
    ...(edge.kind === 'blocked' ? ['style=dashed, arrowhead=tee'] : edge.proof === 'possible' ? ['style=dotted'] : []),
    ...(severity === undefined ? [] : [`color="${COLORS[severity]}"`]),
    ...(outer.has(edge.from) ? [`ltail=${quoted(`cluster_${edge.from}`)}`] : []),
    ...(outer.has(edge.to) ? [`lhead=${quoted(`cluster_${edge.to}`)}`] : []),
  ];
  return `  ${quoted(edge.from)} -> ${quoted(edge.to)} [${parts.join(', ')}];`;
}

/** Graphviz interprets escapes and HTML entities in strings. */
function quoted(text: string): string {
  const parts = text.split('\n').map(oneLine);
  const escaped = parts.map((part) => part.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/&/g, '&amp;'));
  return `"${escaped.join('\\n')}"`;
}
