// A graph report as a Mermaid flowchart, which GitHub, Azure DevOps and others draw in Markdown.

import type { GraphEdge, GraphNode, GraphReport } from '../types.js';
import { caption, drawn, leftOut, lines, oneLine, type Tree, trees, worst } from './tree.js';

/** Converts to Mermaid. Names from the files are escaped. */
export function toMermaid(report: GraphReport): string {
  const marked = report.nodes.flatMap(({ id, findings }) => {
    const severity = worst(findings);
    return severity === undefined ? [] : [`  class ${name(id)} ${severity}`];
  });
  const rest = leftOut(report);
  return [
    'flowchart LR',
    ...trees(report).flatMap((tree) => element(tree, '  ')),
    ...drawn(report).map(arrow),
    ...(rest === '' ? [] : [`  left_out>${quoted([rest])}]`]),
    // Strokes only: they are visible on light and dark backgrounds.
    '  classDef error stroke:#d1242f,stroke-width:3px',
    '  classDef warning stroke:#bf8700,stroke-width:3px',
    '  classDef info stroke:#0969da,stroke-width:2px',
    ...marked,
    '',
  ].join('\n');
}

function element({ node, children }: Tree, indent: string): string[] {
  if (children.length === 0) return [`${indent}${name(node.id)}${shape(node)}`];
  return [
    `${indent}subgraph ${name(node.id)}[${quoted(lines(node))}]`,
    ...children.flatMap((child) => element(child, `${indent}  `)),
    `${indent}end`,
  ];
}

function shape(node: GraphNode): string {
  const text = quoted(lines(node));
  switch (node.kind) {
    case 'vault':
    case 'hsm':
      return `[(${text})]`;
    case 'internet':
    case 'trusted-services':
      return `([${text}])`;
    case 'addresses':
      return `>${text}]`;
    case 'dns-zone':
      return `[/${text}/]`;
    default:
      return `[${text}]`;
  }
}

function arrow(edge: GraphEdge): string {
  const line = edge.kind === 'blocked' ? '-.-x' : edge.proof === 'possible' ? '-.->' : '-->';
  const text = caption(edge);
  return `  ${name(edge.from)} ${line}${text === '' ? '' : `|${quoted([text])}|`} ${name(edge.to)}`;
}

/** Ids have the form of a word and a number. */
function name(id: string): string {
  return id.replace(/\W/g, '_');
}

/** Escapes characters with a meaning in Mermaid or HTML as numeric entities. */
function quoted(parts: readonly string[]): string {
  const escaped = (text: string): string =>
    oneLine(text).replace(/[^\p{L}\p{N}\p{So} .,:/_()+·✗-]/gu, (character) => `#${character.codePointAt(0)};`);
  return `"${parts.map(escaped).join('<br/>')}"`;
}
