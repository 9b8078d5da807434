// Explains the DNS zones of vaults.

import type { ProjectOptions } from '../engine.js';

type Cloud = NonNullable<ProjectOptions['cloud']>;

export interface Zone {
  readonly name: string;
  readonly cloud: Cloud;
  readonly service: 'vaults' | 'managed HSMs';
  readonly isPrivate: boolean;
}

const SUFFIXES: Record<Cloud, string> = { public: 'azure.net', usgov: 'usgovcloudapi.net', china: 'azure.cn' };

export const CLOUDS: Record<Cloud, string> = { public: 'Azure', usgov: 'Azure Government', china: 'Azure in China' };

/** The private zones and public names of every cloud. */
export const ZONES: readonly Zone[] = (Object.keys(SUFFIXES) as Cloud[]).flatMap((cloud) => {
  const zone = (label: string, service: Zone['service'], isPrivate: boolean): Zone => ({
    name: `${isPrivate ? 'privatelink.' : ''}${label}.${SUFFIXES[cloud]}`,
    cloud,
    service,
    isPrivate,
  });
  return [
    zone('vaultcore', 'vaults', true),
    zone('vault', 'vaults', false),
    zone('vaultcore', 'vaults', false),
    zone('managedhsm', 'managed HSMs', true),
    zone('managedhsm', 'managed HSMs', false),
  ];
});

const SHAPE =
  /(?<![\w-])(?:privatelink\.)?(?:vaultcore|vault|keyvault|managedhsm)\.(?:azure\.net|usgovcloudapi\.net|azure\.cn)(?![\w-])/gi;

/** The zone name at a character of a line. */
export function zoneAt(line: string, character: number): { name: string; start: number; end: number } | undefined {
  for (const { 0: name, index } of line.matchAll(SHAPE)) {
    if (index <= character && character <= index + name.length) return { name, start: index, end: index + name.length };
  }
  return undefined;
}

/** The purpose of a zone, and whether it belongs to a cloud (by default, its own). */
export function describeZone(name: string, given: Cloud | undefined): string[] {
  const zone = ZONES.find((zone) => zone.name === name.toLowerCase());
  const cloud = given ?? zone?.cloud ?? 'public';
  const right = (service: Zone['service']) =>
    ZONES.find((other) => other.cloud === cloud && other.service === service && other.isPrivate)?.name;
  if (zone === undefined) {
    return [
      `**\`${name}\`**: Key Vault names do not resolve through this zone`,
      `private endpoints of vaults register in \`${right('vaults')}\``,
    ];
  }
  const what = zone.isPrivate
    ? `the private zone in which private endpoints of ${zone.service} register, in ${CLOUDS[zone.cloud]}`
    : `the public name of all ${zone.service} in ${CLOUDS[zone.cloud]}; a private zone of that name hides the public names of all other ${zone.service}`;
  const isRight = zone.cloud === cloud;
  return [
    `**\`${zone.name}\`**: ${what}`,
    ...(isRight ? [] : [`wrong cloud: the templates are for ${CLOUDS[cloud]}, which uses \`${right(zone.service)}\``]),
  ];
}
