// Draws a graph report as a self-contained SVG, without scripts, fonts or other resources.

import { Graph as Untyped, layout as untyped } from '@dagrejs/dagre';
import type { GraphEdge, GraphNode, GraphReport } from '../types.js';
import { about, caption, containers, drawn, leftOut, lines, oneLine, type Tree, trees, worst } from './tree.js';

/** Approximate width of a character and height of a line in pixels; text cannot be measured here. */
const CHARACTER = 7;
const LINE = 17;
const PADDING = 10;
/** Pixels from one rank of the layout to the next. Containers have half of it as a margin. */
const BETWEEN_RANKS = 60;
const LONGEST = 60;
/** The width of a small character relative to a normal one. */
const SMALL = 0.85;
/** Characters per line of an edge's label, and of a node's text. */
const AT_EDGE = 26;
const IN_NODE = 34;
/** With more nodes a faster ranking algorithm is used: the better one takes minutes. */
const MANY = 60;

/** The used part of the library: its own types are for bundlers, and do not resolve in Node. */
interface Layout {
  setGraph(options: Record<string, string | number>): void;
  graph(): Partial<Box>;
  setNode(id: string, size: Partial<Box>): void;
  hasNode(id: string): boolean;
  node(id: string): Box;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  edge(from: string, to: string, name: string): Way;
}

const Graph = Untyped as unknown as new (options: { readonly compound: boolean; readonly multigraph: boolean }) => Layout;
const layout = untyped as unknown as (graph: Layout) => void;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const STYLE = `
svg { color: #1f2328; background: #ffffff; font: 12px system-ui, sans-serif }
text { fill: currentColor } .small { font-size: 11px } .behind { fill: #ffffff; fill-opacity: 0.85 }
.box { fill: #f6f8fa; stroke: #6e7781 } .outer { fill: none; stroke: #8c959f; stroke-dasharray: 2 3 }
.vault .box, .hsm .box { fill: #ddf4ff } .line { fill: none; stroke: #57606a } .head { fill: #57606a; stroke: none }
.blocked .line { stroke-dasharray: 6 4 } .possible .line { stroke-dasharray: 2 3 }
.cross { stroke: #57606a; stroke-width: 2; fill: none }
.error > .box, .error > .outer, .error > .line { stroke: #d1242f; stroke-width: 2 }
.warning > .box, .warning > .outer, .warning > .line { stroke: #bf8700; stroke-width: 2 }
.info > .box, .info > .outer, .info > .line { stroke: #0969da; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
svg { color: #e6edf3; background: #0d1117 } .behind { fill: #0d1117 } .box { fill: #161b22; stroke: #8b949e } .vault .box, .hsm .box { fill: #122d42 }
.line, .cross { stroke: #9ea7b3 } .head { fill: #9ea7b3 } .outer { stroke: #6e7681 }
.error > .box, .error > .outer, .error > .line { stroke: #f85149 }
.warning > .box, .warning > .outer, .warning > .line { stroke: #d29922 }
.info > .box, .info > .outer, .info > .line { stroke: #58a6ff }
}
`;

/** The most nodes and edges in one picture: more take minutes to lay out, and are unreadable. */
const MOST = 1000;

/** Converts to SVG. Throws a RangeError if the graph is too large for a layout. Names from the files are escaped. */
export function toSvg(report: GraphReport, hasStyle = true): string {
  const size = report.nodes.length + report.edges.length;
  if (size > MOST) throw new RangeError(`${size} nodes and edges are too many for one picture; the limit is ${MOST}`);
  try {
    return picture(report, hasStyle);
  } catch (error) {
    // The layout fails for some deeply nested graphs.
    if (containers(report).size === 0) throw error;
    return picture(flat(report), hasStyle);
  }
}

/** The same without nesting: containment becomes an edge. */
function flat(report: GraphReport): GraphReport {
  const inside = report.nodes.flatMap(({ id, parent }): GraphEdge[] =>
    parent === null ? [] : [{ from: id, to: parent, kind: 'in', label: '', proof: 'proved', assumed: [], findings: [] }],
  );
  const nodes = report.nodes.map((node) => ({ ...node, parent: null }));
  return { ...report, nodes, edges: [...report.edges, ...inside] };
}

function picture(report: GraphReport, hasStyle: boolean): string {
  const outer = containers(report);
  const edges = drawn(report);
  const graph = laidOut(report, edges, outer);
  const { width = 0, height = 0 } = graph.graph();
  const rest = leftOut(report);
  const box = (id: string): Box => graph.node(id);
  const around = report.nodes.filter(({ id }) => outer.has(id));
  const single = report.nodes.filter(({ id }) => !outer.has(id));
  const [w, h] = [Math.ceil(Math.max(width, 200)), Math.ceil(Math.max(height, 40)) + (rest === '' ? 0 : 2 * LINE)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}">`,
    '<title>The network around the vaults</title>',
    ...(hasStyle ? [`<style>${STYLE}</style>`] : []),
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...around.map((node) => container(node, box(node.id))),
    ...edges.map((edge, at) => arrow(edge, wayOf(edge, at, graph, outer))),
    ...single.map((node) => leaf(node, box(node.id))),
    ...(rest === '' ? [] : [text([rest], PADDING, h - LINE, 'start')]),
    '</svg>',
    '',
  ].join('\n');
}

interface Way extends Partial<Point> {
  readonly points: readonly Point[];
}

/** The nodes of an edge in layout order. A zone comes after the networks that it is linked to, like a vault. */
function ends({ kind, from, to }: GraphEdge): [string, string] {
  return kind === 'links' ? [to, from] : [from, to];
}

/** The points of an edge; it ends at the border of a container. */
function wayOf(edge: GraphEdge, at: number, graph: Layout, outer: ReadonlySet<string>): Way {
  const [first, last] = ends(edge);
  const { points, ...rest } = graph.edge(end(first, outer), end(last, outer), `${at}`);
  const box = (id: string): Box | undefined => (outer.has(id) ? graph.node(id) : undefined);
  const way = outside(outside([...points], box(first)).reverse(), box(last));
  return { ...rest, points: first === edge.from ? way.reverse() : way };
}

/** The part of a path that is outside of the box where it starts. */
function outside(points: Point[], box: Box | undefined): Point[] {
  if (box === undefined) return points;
  const isIn = ({ x, y }: Point): boolean => Math.abs(x - box.x) <= box.width / 2 && Math.abs(y - box.y) <= box.height / 2;
  const next = points.findIndex((point) => !isIn(point));
  const [from, to] = [points[next - 1], points[next]];
  if (from === undefined || to === undefined) return points;
  const share = (from: number, to: number, middle: number, half: number): number =>
    from === to ? 1 : Math.max((middle - half - from) / (to - from), (middle + half - from) / (to - from));
  const way = Math.min(1, share(from.x, to.x, box.x, box.width / 2), share(from.y, to.y, box.y, box.height / 2));
  const border = { x: from.x + way * (to.x - from.x), y: from.y + way * (to.y - from.y) };
  return [border, ...points.slice(next)];
}

/** The end of an edge: for a container a point inside of it, since the layout cannot connect containers. */
function end(id: string, outer: ReadonlySet<string>): string {
  return outer.has(id) ? `${id} point` : id;
}

function laidOut(report: GraphReport, edges: readonly GraphEdge[], outer: ReadonlySet<string>): Layout {
  const graph = new Graph({ compound: true, multigraph: true });
  const ranker = report.nodes.length > MANY || edges.length > 2 * MANY ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'LR', ranksep: BETWEEN_RANKS, nodesep: 24, edgesep: 12, marginx: 16, marginy: 24, ranker });
  const least = widths(report);
  for (const node of report.nodes) {
    const { width, height } = sizeOf(content(node));
    graph.setNode(node.id, outer.has(node.id) ? {} : { width: Math.max(width, least.get(node.id) ?? 0), height });
  }
  for (const { from, to } of edges) {
    for (const id of [from, to]) {
      if (outer.has(id) && !graph.hasNode(end(id, outer))) {
        graph.setNode(end(id, outer), { width: 6, height: 6 });
        graph.setParent(end(id, outer), id);
      }
    }
  }
  for (const { id, parent } of report.nodes) if (parent !== null && graph.hasNode(parent)) graph.setParent(id, parent);
  edges.forEach((edge, at) => {
    const { width, height } = sizeOf(broken(caption(edge), AT_EDGE));
    const [first, last] = ends(edge);
    graph.setEdge(end(first, outer), end(last, outer), { width, height, labelpos: 'c' }, `${at}`);
  });
  layout(graph);
  return graph;
}

/** The least width of each node, so that the titles of its containers fit. */
function widths(report: GraphReport): Map<string, number> {
  const all = new Map<string, number>();
  const visit = ({ node, children }: Tree, around: number): void => {
    all.set(node.id, around);
    const own = sizeOf([title(node)]).width;
    for (const child of children) visit(child, Math.max(around, own) - BETWEEN_RANKS);
  };
  for (const tree of trees(report)) visit(tree, 0);
  return all;
}

function sizeOf(lines: readonly string[]): { width: number; height: number } {
  const longest = Math.max(0, ...lines.map((line) => Math.min(line.length, LONGEST)));
  return { width: longest * CHARACTER + 2 * PADDING, height: lines.length * LINE + PADDING };
}

/** Breaks a text into lines of at most `most` characters. */
function broken(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((word) => word !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The title of a container. */
function title(node: GraphNode): string {
  return lines(node).join(' · ');
}

/** The lines in a node. */
function content(node: GraphNode): string[] {
  return lines(node).flatMap((line) => broken(line, IN_NODE));
}

function container(node: GraphNode, { x, y, width, height }: Box): string {
  const [left, top] = [x - width / 2, y - height / 2];
  return group(
    node,
    [node.kind],
    [
      `<rect class="outer" x="${fixed(left)}" y="${fixed(top)}" width="${fixed(width)}" height="${fixed(height)}" rx="6"/>`,
      // An outermost container has its title above it, since its children can have titles inside.
      text([title(node)], left + 6, node.parent === null ? top - 4 : top + 13, 'start'),
    ],
  );
}

function leaf(node: GraphNode, { x, y, width, height }: Box): string {
  const rx = node.kind === 'internet' || node.kind === 'trusted-services' ? height / 2 : 4;
  const at = `x="${fixed(x - width / 2)}" y="${fixed(y - height / 2)}" width="${fixed(width)}" height="${fixed(height)}"`;
  const shown = content(node);
  return group(
    node,
    [node.kind],
    [`<rect class="box" ${at} rx="${fixed(rx)}"/>`, text(shown, x, y - ((shown.length - 1) * LINE) / 2 + 4, 'middle')],
  );
}

function arrow(edge: GraphEdge, { points, x = 0, y = 0 }: Way): string {
  const isBlocked = edge.kind === 'blocked';
  const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${fixed(point.x)} ${fixed(point.y)}`).join('');
  const middle = points[Math.floor(points.length / 2)] ?? { x, y };
  const shown = broken(caption(edge), AT_EDGE);
  return group(
    edge,
    [edge.kind, edge.proof],
    [
      `<path class="line" d="${path}"${isBlocked ? '' : ' marker-end="url(#head)"'}/>`,
      ...(isBlocked ? [cross(points.at(-1) ?? middle)] : []),
      ...(shown.length === 0
        ? []
        : [behind(shown, x, y), text(shown, x, y - ((shown.length - 1) * LINE) / 2 + 4, 'middle', 'small')]),
    ],
  );
}

/** A background behind a label, which dims the lines below it. */
function behind(lines: readonly string[], x: number, y: number): string {
  const [w, h] = [(sizeOf(lines).width - 2 * PADDING) * SMALL, lines.length * LINE];
  return `<rect class="behind" x="${fixed(x - w / 2)}" y="${fixed(y - h / 2)}" width="${fixed(w)}" height="${fixed(h)}"/>`;
}

function cross({ x, y }: Point): string {
  const [left, right, top, bottom] = [x - 9, x - 1, y - 4, y + 4].map(fixed);
  return `<path class="cross" d="M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}"/>`;
}

function group(element: GraphNode | GraphEdge, classes: readonly string[], parts: readonly string[]): string {
  const names = [...classes, worst(element.findings)].filter((name) => name !== undefined).join(' ');
  return `<g class="${names}" ${key(element)}><title>${escaped(about(element))}</title>${parts.join('')}</g>`;
}

/** A data attribute with the element of the report, for a page that makes the picture interactive. */
function key(element: GraphNode | GraphEdge): string {
  if ('id' in element) return `data-node="${escaped(element.id)}"`;
  return `data-from="${escaped(element.from)}" data-to="${escaped(element.to)}"`;
}

function text(lines: readonly string[], x: number, y: number, anchor: 'start' | 'middle', name?: string): string {
  const spans = lines.map((line, at) => {
    const shown = line.length > LONGEST ? `${[...line].slice(0, LONGEST - 1).join('')}…` : line;
    return `<tspan x="${fixed(x)}"${at === 0 ? '' : ` dy="${LINE}"`}>${escaped(shown)}</tspan>`;
  });
  const style = name === undefined ? '' : ` class="${name}"`;
  return `<text${style} x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${spans.join('')}</text>`;
}

function fixed(number: number): string {
  return `${Math.round(number * 10) / 10}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  const kept = text.split('\n').map(oneLine).join('\n');
  return kept.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
