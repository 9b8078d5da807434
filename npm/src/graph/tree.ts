// What all formats of a graph report share: nesting, and the texts of nodes and edges.

import type { EdgeKind, GraphEdge, GraphFinding, GraphNode, GraphReport, NodeKind, Severity } from '../types.js';

/** A node with its children. */
export interface Tree {
  readonly node: GraphNode;
  readonly children: Tree[];
}

/** The outermost nodes with their children, in the order of the report. */
export function trees({ nodes }: GraphReport): Tree[] {
  const all = new Map<string, Tree>(nodes.map((node) => [node.id, { node, children: [] }]));
  const roots: Tree[] = [];
  for (const tree of all.values()) {
    const parent = tree.node.parent === null ? undefined : all.get(tree.node.parent);
    (parent?.children ?? roots).push(tree);
  }
  return roots;
}

/** The ids of nodes with children. */
export function containers({ nodes }: GraphReport): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ parent }) => parent ?? []));
}

/** The edges that can be drawn: an edge between a node and its container cannot. */
export function drawn({ nodes, edges }: GraphReport): GraphEdge[] {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const isInside = (inner: string, outer: string): boolean => {
    for (let at: string | null | undefined = inner; at !== null && at !== undefined; at = parents.get(at)) {
      if (at === outer) return true;
    }
    return false;
  };
  return edges.filter(({ from, to }) => !isInside(from, to) && !isInside(to, from));
}

const KINDS: Record<NodeKind, string> = {
  vault: 'vault',
  hsm: 'managed HSM',
  'private-endpoint': 'private endpoint',
  'virtual-network': 'virtual network',
  subnet: 'subnet',
  'dns-zone': 'private DNS zone',
  consumer: '',
  perimeter: 'perimeter',
  addresses: 'addresses',
  internet: '',
  'trusted-services': '',
};

const VERBS: Record<EdgeKind, string> = {
  reaches: '',
  blocked: '✗',
  connects: '',
  registers: '',
  links: '',
  in: 'in',
  uses: 'uses',
  secures: 'secures,',
};

/** The lines of a node: its name, kind and findings. */
export function lines({ label, kind, detail, findings }: GraphNode): string[] {
  const what = [KINDS[kind], detail].filter((part) => part !== '').join(' · ');
  return [label, what, marks(findings)].filter((line) => line !== '');
}

/** The label of an edge, in one line. */
export function caption({ kind, label, proof, findings }: GraphEdge): string {
  const said = [VERBS[kind], label].filter((part) => part !== '').join(' ');
  const open = proof === 'possible' && !label.includes('depends on') ? 'possibly' : '';
  return [said, open, marks(findings)].filter((part) => part !== '').join(' · ');
}

/** The tooltip of an element. */
export function about(element: GraphNode | GraphEdge): string {
  const head =
    'id' in element
      ? [...lines({ ...element, findings: [] }), element.address ?? '', element.file ?? '']
      : [caption({ ...element, findings: [] }), assumed(element)];
  const found = element.findings.map(({ severity, rule, message }) => `${severity}[${rule}]: ${message}`);
  return [...new Set(head), ...found].filter((line) => line !== '').join('\n');
}

function assumed({ assumed }: GraphEdge): string {
  return assumed.length === 0 ? '' : `with the default of ${assumed.join(', ')}`;
}

const RANK: Record<Severity, number> = { info: 0, warning: 1, error: 2 };
const SIGNS: Record<Severity, string> = { info: 'ℹ', warning: '⚠', error: '✖' };
const MOST = 3;

/** The highest severity. */
export function worst(findings: readonly GraphFinding[]): Severity | undefined {
  return [...findings].sort((a, b) => RANK[b.severity] - RANK[a.severity])[0]?.severity;
}

/** The rules of the findings, by severity. */
function marks(findings: readonly GraphFinding[]): string {
  const severity = worst(findings);
  if (severity === undefined) return '';
  const sorted = [...findings].sort((a, b) => RANK[b.severity] - RANK[a.severity]);
  const rules = [...new Set(sorted.map(({ rule }) => rule))];
  const more = rules.length > MOST ? ` +${rules.length - MOST}` : '';
  return `${SIGNS[severity]} ${rules.slice(0, MOST).join(', ')}${more}`;
}

/** One line about what the picture omits; empty if it is complete. */
export function leftOut({ nodesLeftOut, edgesLeftOut, findings }: GraphReport): string {
  const parts = [
    nodesLeftOut > 0 ? `${nodesLeftOut} more nodes` : '',
    edgesLeftOut > 0 ? `${edgesLeftOut} more edges` : '',
    findings.length > 0 ? `${findings.length} findings about elements that are not drawn` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `not shown: ${parts.join(', ')}`;
}

/** A text in one line, without invisible and bidirectional control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, ' ');
}
