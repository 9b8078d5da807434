// Writes an estate as Azure Resource Graph exports it, one resource per line:
// `node tests/estate.js VAULTS [SEED]`. The output is deterministic. Each vault has an endpoint with a zone
// group; fifty share a network, two hundred are one tenant's, a thousand share a hub with its zone, and in some of each
// something is wrong.

import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const ZONE = 'privatelink.vaultcore.azure.net';
const VAULTS_PER_NETWORK = 50;
const VAULTS_PER_HUB = 1000;
const NETWORKS_PER_TENANT = 4;

/** A generator of numbers below one, the same for a seed. @param {number} seed */
function randomly(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The rows of an estate, in the order of Resource Graph: by type, in each by name. @param {number} vaults @param {number} seed */
export function* estate(vaults, seed = 1) {
  const random = randomly(seed);
  const chance = (/** @type {number} */ share) => random() < share;
  const padded = (/** @type {number} */ at) => String(at).padStart(6, '0');
  const guid = (/** @type {number} */ at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const subscription = (/** @type {number} */ network) => guid(1 + Math.floor(network / 20));
  const group = (/** @type {string} */ of, /** @type {string} */ name) => `/subscriptions/${of}/resourceGroups/${name}`;
  const networks = Math.ceil(vaults / VAULTS_PER_NETWORK);
  const hubs = Math.ceil(vaults / VAULTS_PER_HUB);
  const networkOf = (/** @type {number} */ vault) => Math.floor(vault / VAULTS_PER_NETWORK);
  const hubOf = (/** @type {number} */ network) => Math.floor((network * VAULTS_PER_NETWORK) / VAULTS_PER_HUB);
  const spoke = (/** @type {number} */ network) => group(subscription(network), `rg-spoke-${padded(network)}`);
  const tenantOf = (/** @type {number} */ network) => guid(7_000 + Math.floor(network / NETWORKS_PER_TENANT));
  const hub = (/** @type {number} */ at) => group(guid(900_000_000 + at), `rg-hub-${at}`);
  const networkId = (/** @type {number} */ at) => `${spoke(at)}/providers/Microsoft.Network/virtualNetworks/vnet-${padded(at)}`;
  const hubId = (/** @type {number} */ at) => `${hub(at)}/providers/Microsoft.Network/virtualNetworks/vnet-hub-${at}`;
  const zoneId = (/** @type {number} */ at) => `${hub(at)}/providers/Microsoft.Network/privateDnsZones/${ZONE}`;
  const vaultId = (/** @type {number} */ at) =>
    `${spoke(networkOf(at))}/providers/Microsoft.KeyVault/vaults/kv-app-${padded(at)}`;
  // Some endpoints are in a network of another team.
  const endpointNetworkOf = (/** @type {number} */ vault) => {
    const network = networkOf(vault);
    return vault % 101 === 7 ? (network + 5) % networks : network;
  };
  const endpointId = (/** @type {number} */ at) =>
    `${spoke(endpointNetworkOf(at))}/providers/Microsoft.Network/privateEndpoints/pe-kv-app-${padded(at)}`;
  const location = (/** @type {number} */ at) => ['westeurope', 'northeurope', 'eastus2'][at % 3];

  /** @param {number | undefined} network @param {string} id @param {string} type @param {object} properties @param {object} more */
  const row = (network, id, type, properties, more = {}) => {
    const [, , of, , inGroup] = id.split('/');
    const name = id.slice(id.lastIndexOf('/') + 1);
    const envelope = {
      id,
      name,
      type: type.toLowerCase(),
      tenantId: network === undefined ? guid(7) : tenantOf(network),
      kind: '',
      resourceGroup: inGroup,
      subscriptionId: of,
    };
    return {
      ...envelope,
      managedBy: '',
      sku: null,
      plan: null,
      ...more,
      properties,
      tags: { owner: 'team', environment: 'production' },
      identity: null,
      zones: null,
      extendedLocation: null,
    };
  };

  const state = (/** @type {number} */ at) => (at % 97 === 5 ? 'Pending' : 'Approved');
  for (let at = 0; at < vaults; at += 1) {
    const isOpen = chance(0.03);
    const rules = Array.from({ length: chance(0.2) ? 3 : 0 }, (_, rule) => ({
      value: `20.${at % 200}.${rule}.${rule}/${chance(0.05) ? 24 : 32}`,
    }));
    yield row(
      networkOf(at),
      vaultId(at),
      'Microsoft.KeyVault/vaults',
      {
        sku: { family: 'A', name: 'standard' },
        tenantId: guid(7),
        accessPolicies: [],
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enableRbacAuthorization: true,
        ...(chance(0.9) ? { enablePurgeProtection: true } : {}),
        vaultUri: `https://kv-app-${padded(at)}.vault.azure.net/`,
        provisioningState: 'Succeeded',
        publicNetworkAccess: isOpen ? 'Enabled' : chance(0.3) ? 'Enabled' : 'Disabled',
        networkAcls: {
          bypass: 'AzureServices',
          defaultAction: isOpen ? 'Allow' : 'Deny',
          ipRules: rules,
          virtualNetworkRules: chance(0.1)
            ? [{ id: `${networkId(networkOf(at))}/subnets/apps`.toLowerCase(), ignoreMissingVnetServiceEndpoint: false }]
            : [],
        },
        privateEndpointConnections: [
          {
            id: `${vaultId(at)}/privateEndpointConnections/pe-kv-app-${padded(at)}`,
            etag: '"0000000"',
            properties: {
              provisioningState: 'Succeeded',
              privateEndpoint: { id: endpointId(at) },
              privateLinkServiceConnectionState: { status: state(at), actionsRequired: 'None' },
            },
          },
        ],
      },
      { location: location(hubOf(networkOf(at))) },
    );
  }
  for (let at = 0; at < vaults; at += 1) {
    const network = endpointNetworkOf(at);
    yield row(
      network,
      endpointId(at),
      'Microsoft.Network/privateEndpoints',
      {
        provisioningState: 'Succeeded',
        resourceGuid: guid(at),
        privateLinkServiceConnections: [
          {
            name: `pe-kv-app-${padded(at)}`,
            id: `${endpointId(at)}/privateLinkServiceConnections/pe-kv-app-${padded(at)}`,
            etag: `W/"${guid(at)}"`,
            type: 'Microsoft.Network/privateEndpoints/privateLinkServiceConnections',
            properties: {
              provisioningState: 'Succeeded',
              privateLinkServiceId: vaultId(at),
              groupIds: ['vault'],
              privateLinkServiceConnectionState: { status: state(at), description: '', actionsRequired: 'None' },
            },
          },
        ],
        manualPrivateLinkServiceConnections: [],
        customNetworkInterfaceName: '',
        subnet: { id: `${networkId(network)}/subnets/endpoints` },
        ipConfigurations: [],
        networkInterfaces: [
          { id: `${spoke(network)}/providers/Microsoft.Network/networkInterfaces/pe-kv-app-${padded(at)}.nic.${guid(at)}` },
        ],
        customDnsConfigs: chance(0.02)
          ? [
              {
                fqdn: `kv-app-${padded(at)}.vault.azure.net`,
                ipAddresses: [`10.${hubOf(network) % 200}.${network % 20}.${4 + (at % 50)}`],
              },
            ]
          : [],
      },
      { location: chance(0.01) ? 'westus' : location(hubOf(network)) },
    );
  }
  for (let at = 0; at < vaults; at += 1) {
    if (chance(0.02)) continue;
    const zone = zoneId(hubOf(endpointNetworkOf(at)));
    yield row(
      endpointNetworkOf(at),
      `${endpointId(at)}/privateDnsZoneGroups/default`,
      'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
      {
        provisioningState: 'Succeeded',
        privateDnsZoneConfigs: [
          {
            name: 'vault',
            id: `${endpointId(at)}/privateDnsZoneGroups/default/privateDnsZoneConfigs/vault`,
            type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs',
            properties: {
              provisioningState: 'Succeeded',
              privateDnsZoneId: zone,
              recordSets: [
                {
                  recordType: 'A',
                  recordSetName: `kv-app-${padded(at)}`,
                  fqdn: `kv-app-${padded(at)}.${ZONE}`,
                  ttl: 10,
                  ipAddresses: [`10.${hubOf(networkOf(at)) % 200}.${networkOf(at) % 20}.${4 + (at % 50)}`],
                },
              ],
            },
          },
        ],
      },
    );
  }
  const subnet = (
    /** @type {string} */ network,
    /** @type {string} */ name,
    /** @type {string} */ prefix,
    /** @type {object} */ more,
  ) => ({
    name,
    id: `${network}/subnets/${name}`,
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: {
      provisioningState: 'Succeeded',
      addressPrefix: prefix,
      serviceEndpoints: [],
      delegations: [],
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
      ...more,
    },
  });
  for (let at = 0; at < hubs; at += 1) {
    yield row(
      undefined,
      hubId(at),
      'Microsoft.Network/virtualNetworks',
      {
        provisioningState: 'Succeeded',
        addressSpace: { addressPrefixes: [`172.16.${at % 256}.0/24`] },
        subnets: [subnet(hubId(at), 'dns', `172.16.${at % 256}.0/25`, {})],
        dhcpOptions: { dnsServers: [] },
        enableDdosProtection: false,
      },
      { location: location(at) },
    );
  }
  for (let at = 0; at < networks; at += 1) {
    const prefix = `10.${hubOf(at) % 200}.${at % 20}`;
    const from = at * VAULTS_PER_NETWORK;
    const own = Array.from({ length: Math.min(VAULTS_PER_NETWORK, vaults - from) }, (_, vault) => from + vault);
    const endpoints = own.filter((vault) => endpointNetworkOf(vault) === at).map((vault) => ({ id: endpointId(vault) }));
    yield row(
      at,
      networkId(at),
      'Microsoft.Network/virtualNetworks',
      {
        provisioningState: 'Succeeded',
        addressSpace: { addressPrefixes: [`${prefix}.0/24`] },
        subnets: [
          subnet(networkId(at), 'endpoints', `${prefix}.0/25`, { privateEndpoints: endpoints }),
          subnet(networkId(at), 'apps', `${prefix}.128/26`, {
            serviceEndpoints: chance(0.5) ? [{ service: 'Microsoft.KeyVault', locations: ['*'] }] : [],
            delegations: [{ name: 'web', properties: { serviceName: 'Microsoft.Web/serverFarms' } }],
          }),
        ],
        dhcpOptions: { dnsServers: chance(0.05) ? [`172.16.${hubOf(at) % 256}.4`] : [] },
        virtualNetworkPeerings: [],
        enableDdosProtection: false,
      },
      { location: location(hubOf(at)) },
    );
  }
  for (let at = 0; at < hubs; at += 1) {
    yield row(
      undefined,
      zoneId(at),
      'Microsoft.Network/privateDnsZones',
      { provisioningState: 'Succeeded', numberOfRecordSets: 1000, maxNumberOfRecordSets: 25000, numberOfVirtualNetworkLinks: 21 },
      { location: 'global' },
    );
  }
  for (let at = 0; at < networks + hubs; at += 1) {
    if (chance(0.02)) continue;
    const [name, network, zone] =
      at < networks ? [padded(at), networkId(at), zoneId(hubOf(at))] : [`hub`, hubId(at - networks), zoneId(at - networks)];
    yield row(
      undefined,
      `${zone}/virtualNetworkLinks/link-${name}`,
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
      {
        provisioningState: 'Succeeded',
        registrationEnabled: chance(0.01),
        virtualNetwork: { id: network },
        virtualNetworkLinkState: 'Completed',
      },
      { location: 'global' },
    );
  }
  for (let at = 0; at < networks; at += 1) {
    if (chance(0.5)) continue;
    const named = from50(at, vaults, random);
    yield row(
      at,
      `${spoke(at)}/providers/Microsoft.Web/sites/app-${padded(at)}`,
      'Microsoft.Web/sites',
      {
        state: 'Running',
        serverFarmId: `${spoke(at)}/providers/Microsoft.Web/serverfarms/plan-${padded(at)}`,
        virtualNetworkSubnetId: chance(0.5) ? `${networkId(at)}/subnets/apps` : null,
        siteConfig: {
          appSettings: [
            {
              name: 'SECRET',
              value: `@Microsoft.KeyVault(SecretUri=https://kv-app-${padded(named)}.vault.azure.net/secrets/db)`,
            },
          ],
        },
      },
      { location: location(hubOf(at)), kind: 'app' },
    );
  }
}

/** A vault of a network, or sometimes of another one. @param {number} network @param {number} vaults @param {() => number} random */
function from50(network, vaults, random) {
  const from = random() < 0.1 ? 0 : network * VAULTS_PER_NETWORK;
  return Math.min(vaults - 1, from + Math.floor(random() * VAULTS_PER_NETWORK));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [vaults, seed = 1] = process.argv.slice(2).map(Number);
  if (!Number.isSafeInteger(vaults) || !Number.isSafeInteger(seed)) {
    process.stderr.write('usage: node tests/estate.js VAULTS [SEED]\n');
    process.exit(2);
  }
  let text = '';
  for (const row of estate(vaults ?? 0, seed)) {
    text += `${JSON.stringify(row)}\n`;
    if (text.length > 1 << 20) {
      writeSync(1, text);
      text = '';
    }
  }
  writeSync(1, text);
}
