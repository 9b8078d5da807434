// Finds parts of the network by their position in a document.

import type { Location, Position } from 'vscode-languageserver';
import type { ElementModel, Known, LinkModel, ModelReport, VaultModel } from '../types.js';
import { contains, plain } from './ranges.js';
import type { View } from './workspace.js';

/** Any part of the network. */
export type Element = VaultModel | ElementModel;

/** Every part of a network. */
function elements(model: ModelReport): Element[] {
  const { vaults, privateEndpoints, dnsZones, zoneLinks, zoneGroups, records, virtualNetworks, subnets, consumers } = model;
  return [vaults, privateEndpoints, dnsZones, zoneLinks, zoneGroups, records, virtualNetworks, subnets, consumers].flat();
}

/** The elements declared around a position, innermost first. */
export function elementsAt({ unit, path }: View, position: Position): Element[] {
  const around = elements(unit.model()).filter(({ file, range }) => file === path && contains(plain(range), position));
  const size = ({ range }: Element) => range.end.offset - range.start.offset;
  return around.sort((a, b) => size(a) - size(b));
}

/** The vaults that a document declares. */
export function vaultsOf({ unit, path }: View): VaultModel[] {
  const seen = new Set<number>();
  // The copies of a resource have the same position.
  return unit.model().vaults.filter(({ file, declared, range }) => {
    const isNew = file === path && declared && !seen.has(range.start.offset);
    if (isNew) seen.add(range.start.offset);
    return isNew;
  });
}

/** The kinds of links that a property of a resource creates. */
const KINDS: readonly [RegExp, readonly string[]][] = [
  [/privateLinkServiceId|private_connection_resource_id/i, ['connects']],
  [/privateDnsZone(Id|Configs)|private_dns_zone_(ids|group|name)/i, ['registers', 'links', 'zone']],
  [/virtualNetworkRules|virtual_network_subnet_ids/i, ['admits']],
  [/virtual_?network(_id)?\b/i, ['links', 'in']],
  [/subnet/i, ['in', 'admits']],
];

/** The declarations that a resource refers to: those of the property in the line, or else all. */
export function definitions(view: View, position: Position, line: string): Location[] {
  return linked(
    view,
    position,
    line,
    ({ from }) => from,
    ({ to }) => to,
  );
}

/** The declarations that refer to a resource. */
export function references(view: View, position: Position): Location[] {
  return linked(
    view,
    position,
    '',
    ({ to }) => to,
    ({ from }) => from,
  );
}

type End = (link: LinkModel) => string;

function linked(view: View, position: Position, line: string, near: End, far: End): Location[] {
  const model = view.unit.model();
  const links = [...model.links, ...linksOfZoneLinks(model)];
  const wanted = KINDS.find(([key]) => key.test(line))?.[1];
  const all = elements(model);
  for (const element of ownersAt(view, position)) {
    const own = links.filter((link) => near(link) === element.address);
    const about = own.filter(({ kind }) => wanted?.includes(kind) ?? true);
    const found = new Set((about.length > 0 ? about : own).map(far));
    const declared = all.filter(({ address, declared }) => declared && found.has(address));
    if (declared.length > 0)
      return unique(declared.map(({ file, range }) => ({ uri: view.workspace.uri(file), range: plain(range) })));
  }
  return [];
}

/** The elements at a position; a zone group is followed by its private endpoint, which has the links. */
function ownersAt(view: View, position: Position): Element[] {
  const { privateEndpoints, zoneGroups } = view.unit.model();
  return elementsAt(view, position).flatMap((element): Element[] => {
    if (!zoneGroups.some((group) => group === element)) return [element];
    const name = typeof element.name === 'string' ? element.name.split('/')[0] : undefined;
    const endpoint = privateEndpoints.find((endpoint) => endpoint.name === name);
    return endpoint === undefined ? [element] : [element, endpoint];
  });
}

/** Links from zone link resources to their zones and networks. The model only has those from zones to networks. */
function linksOfZoneLinks({ zoneLinks, dnsZones, virtualNetworks }: ModelReport): LinkModel[] {
  return zoneLinks.flatMap((link) => {
    const own = link as unknown as { zone?: Known; virtualNetwork?: Known };
    const to = (kind: string, id: Known | undefined, all: readonly Element[]) => {
      const found = all.filter(({ name }) => typeof name === 'string' && name === lastOf(id));
      return found.map(({ address }) => ({ from: link.address, to: address, kind, proof: 'possible' as const }));
    };
    return [...to('zone', own.zone, dnsZones), ...to('links', own.virtualNetwork, virtualNetworks)];
  });
}

/** The name at the end of an id. */
function lastOf(id: unknown): string | undefined {
  const text = typeof id === 'object' && id !== null ? (id as { unknown?: unknown }).unknown : id;
  return typeof text === 'string' ? text.slice(text.lastIndexOf('/') + 1) : undefined;
}

/** Removes duplicate locations. */
function unique(places: readonly Location[]): Location[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}
