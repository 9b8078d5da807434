// Hovers for addresses, zones and resources.

import type { Hover, Position, Range } from 'vscode-languageserver';
import { factLinks } from '../reports/facts.js';
import { markdown } from '../reports/markdown.js';
import type { Known, VaultModel } from '../types.js';
import { describe, literalAt } from './addresses.js';
import { findings } from './diagnostics.js';
import { elementsAt } from './elements.js';
import { contains } from './ranges.js';
import { words } from './values.js';
import { describeZone, zoneAt } from './zones.js';
import type { View } from './workspace.js';

/** The hover at a position of a document: the element, and the facts that its findings rest on. */
export function hover(view: View, position: Position): Hover | undefined {
  const { contents, range } = subject(view, position) ?? {};
  const found = findings(view).filter(({ range }) => contains(range, position));
  const facts = [...new Map(found.filter(({ facts }) => facts.length > 0).map(({ rule, facts }) => [rule, facts]))];
  const parts = [
    ...(contents === undefined ? [] : [contents]),
    ...facts.map(([rule, numbers]) => `\`${rule}\` rests on ${factLinks(numbers)}`),
  ];
  if (parts.length === 0) return undefined;
  return {
    contents: { kind: 'markdown', value: parts.join('\n\n') },
    ...(range === undefined ? {} : { range }),
  };
}

/** The Markdown of a hover, and its range. */
interface Subject {
  readonly contents: string;
  readonly range?: Range;
}

function subject(view: View, position: Position): Subject | undefined {
  const line = lineOf(view, position);
  const at = (start: number, end: number): Range => ({
    start: { line: position.line, character: start },
    end: { line: position.line, character: end },
  });
  const literal = literalAt(line, position.character);
  if (literal !== undefined) {
    return shown(describe(literal.text, view.unit.model()).map(markdownWithBold), at(literal.start, literal.end));
  }
  const zone = zoneAt(line, position.character);
  if (zone !== undefined) return shown(describeZone(zone.name, view.unit.cloud).map(markdownWithBold), at(zone.start, zone.end));
  return element(view, position, line);
}

/** The text of a line. */
export function lineOf({ document }: View, { line }: Position): string {
  const start = document.offsetAt({ line, character: 0 });
  return document
    .getText()
    .slice(start, document.offsetAt({ line: line + 1, character: 0 }))
    .replace(/[\r\n]+$/, '');
}

/** The properties that decide who can reach a vault. */
const DECIDES =
  /publicNetworkAccess|public_network_access|networkAcls|network_acls|defaultAction|default_action|bypass|ipRules|ip_rules|virtualNetworkRules|virtual_network_subnet_ids/;

/** The first line of an element opens a brace or has a type. For other lines the model, which is slow, is not needed. */
const MAY_BE_HEAD = /\{|Microsoft\./i;

function element(view: View, position: Position, line: string): Subject | undefined {
  if (!MAY_BE_HEAD.test(line) && !DECIDES.test(line)) return undefined;
  const [found] = elementsAt(view, position);
  if (found === undefined) return undefined;
  const model = view.unit.model();
  const vault = model.vaults.find((vault) => vault === found);
  const isHead = position.line === found.range.start.line || line.includes(found.type);
  if (!isHead && (vault === undefined || !DECIDES.test(line))) return undefined;
  const own = model.links.filter(({ from, to }) => from === found.address || to === found.address);
  const links = own.map(({ from, to, kind, proof }) => {
    const possible = proof === 'possible' ? ' (possible)' : '';
    return from === found.address ? `- ${kind} \`${to}\`${possible}` : `- \`${from}\` ${kind} it${possible}`;
  });
  const lines = [
    `**\`${found.address}\`** ${found.type}`,
    ...(vault === undefined ? [] : networkPosition(vault, view)),
    ...links,
    ...(found.assumed.length > 0 ? [`with the defaults of ${found.assumed.map((name) => `\`${name}\``).join(', ')}`] : []),
  ];
  return shown(lines.map(markdownWithBold));
}

/** The network position of a vault. */
function networkPosition(vault: VaultModel, { report, unit }: View): string[] {
  const { publicNetworkAccess, networkAcls: acls, address } = vault;
  const rows: [string, Known][] = [
    ['public network access', publicNetworkAccess],
    ['default action', acls.defaultAction],
    ['bypass', acls.bypass],
    ['IP rules', acls.ipRules],
    ['virtual network rules', acls.virtualNetworkRules],
  ];
  const endpoints = unit.model().links.filter(({ to, kind }) => to === address && kind === 'connects').length;
  const open = report.undecided.filter(({ resource }) => resource?.address === address);
  const depends = [...new Set(open.flatMap(({ dependsOn }) => dependsOn))].slice(0, 5);
  return [
    ...rows.map(([name, value]) => `- ${name}: ${words(value)}`),
    `- private endpoints: ${endpoints === 0 ? 'none' : endpoints}`,
    ...(depends.length > 0
      ? [`- undecided: ${open.length}, depending on ${depends.map((name) => `\`${name}\``).join(', ')}`]
      : []),
  ];
}

/** A line as Markdown: bold names and list items are kept, everything else is escaped. */
function markdownWithBold(line: string): string {
  const [, item = '', bold, rest = ''] = /^(- )?(?:\*\*(`[^]*?`)\*\*)?([^]*)$/.exec(line) ?? [];
  return `${item}${bold === undefined ? '' : `**${markdown(bold)}**`}${markdown(rest)}`;
}

function shown(lines: readonly string[], range?: Range): Subject {
  const parts = lines.map((line, at) => (line.startsWith('- ') && lines[at - 1]?.startsWith('- ') ? `\n${line}` : `\n\n${line}`));
  return { contents: parts.join('').trim(), ...(range === undefined ? {} : { range }) };
}
