// `vaultmoat model`.

import type { ElementModel, Known, ModelReport, VaultModel } from '../types.js';
import { type Colors, terminalSafe } from './output.js';

export const printer = {
  about: 'Prints the network model of the files: vaults, endpoints, zones, networks and how they are linked.',
  text,
};

function text(report: ModelReport, colors: Colors): string {
  const sections: [string, string[]][] = [
    ['Vaults', report.vaults.map((vault) => vaultText(vault, colors))],
    ['Private endpoints', elements(report.privateEndpoints, colors)],
    ['Zone groups', elements(report.zoneGroups, colors)],
    ['Private DNS zones', elements(report.dnsZones, colors)],
    ['Zone links', elements(report.zoneLinks, colors)],
    ['Records', elements(report.records, colors)],
    ['Virtual networks', elements(report.virtualNetworks, colors)],
    ['Subnets', elements(report.subnets, colors)],
    ['Consumers', elements(report.consumers, colors)],
    [
      'Links',
      report.links.map(
        ({ from, to, kind, proof }) =>
          `  ${terminalSafe(from)} ${colors.dim(kind)} ${terminalSafe(to)}${proof === 'possible' ? colors.dim(' (possible)') : ''}\n`,
      ),
    ],
  ];
  const found = sections.filter(([, parts]) => parts.length > 0);
  if (found.length === 0) return 'nothing found\n';
  const note = report.linksLeftOut ? `  ${colors.dim('more possible links are left out')}\n` : '';
  return found.map(([title, parts]) => `${colors.bold(title)}\n${parts.join('')}`).join('\n') + note;
}

function vaultText(vault: VaultModel, colors: Colors): string {
  const { networkAcls: acls } = vault;
  return part(vault, colors, {
    'public network access': vault.publicNetworkAccess,
    'default action': acls.defaultAction,
    bypass: acls.bypass,
    'IP rules': acls.ipRules,
    'virtual network rules': acls.virtualNetworkRules,
    'Azure RBAC': vault.rbac,
  });
}

const SHOWN_ELSEWHERE = new Set(['address', 'type', 'name', 'file', 'range', 'declared', 'condition', 'assumed']);

function elements(found: readonly ElementModel[], colors: Colors): string[] {
  return found.map((element) => {
    const own = Object.entries(element).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
    return part(element, colors, Object.fromEntries(own));
  });
}

function part(element: ElementModel | VaultModel, colors: Colors, properties: Record<string, Known>): string {
  const where = colors.dim(`${terminalSafe(element.file)}:${element.range.start.line + 1}`);
  const state = element.declared ? '' : colors.dim(' (referred to)');
  const rows = Object.entries(properties).map(([name, value]) => `    ${name}: ${shown(value, colors)}\n`);
  return `  ${terminalSafe(element.address)}${state}  ${where}\n${rows.join('')}`;
}

function shown(value: Known, colors: Colors): string {
  if (value === null) return colors.dim('not set');
  if (typeof value !== 'object') return terminalSafe(String(value));
  if (Array.isArray(value)) return value.length === 0 ? colors.dim('none') : value.map((item) => shown(item, colors)).join(', ');
  if (isUnknown(value)) return colors.yellow(terminalSafe(value.unknown));
  if (isDefault(value)) return `${shown(value.value, colors)} ${colors.dim('(default)')}`;
  return terminalSafe(JSON.stringify(value));
}

type KnownObject = Exclude<Known, null | boolean | number | string | Known[]>;

function isUnknown(value: KnownObject): value is { unknown: string } {
  return typeof (value as { unknown?: unknown }).unknown === 'string' && Object.keys(value).length === 1;
}

function isDefault(value: KnownObject): value is { value: Known; default: boolean } {
  return (value as { default?: unknown }).default === true && 'value' in value;
}
